import type { BlockHeader } from '@tollbook/domain';

/**
 * Readers of what a node answered: the parsers of this library's edge. They return undefined for what does not fit,
 * and hex in lower case.
 */

/** A field of an object, undefined when it is none. */
export function readField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** A hex quantity of at most 256 bits. */
export function readQuantity(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined;
}

/** A hex quantity that a number holds exactly: times, indexes, chain ids. */
export function readInteger(value: unknown): number | undefined {
  const quantity = readQuantity(value);
  return quantity !== undefined && quantity <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(quantity) : undefined;
}

/** Hex text of whole bytes, as viem wants it typed. */
export function readHex(value: unknown, byteLength?: number): `0x${string}` | undefined {
  if (typeof value !== 'string') return undefined;
  if (byteLength !== undefined && value.length !== 2 + 2 * byteLength) return undefined;
  const lowerCase = value.toLowerCase();
  return isLowerHex(lowerCase) && value.startsWith('0x') ? lowerCase : undefined;
}

function isLowerHex(text: string): text is `0x${string}` {
  return text.length % 2 === 0 && /^0x[0-9a-f]*$/.test(text);
}

/** One 256-bit word, as a call of a getter answers it. */
export function readWord(value: unknown): bigint | undefined {
  const hex = readHex(value, 32);
  return hex === undefined ? undefined : BigInt(hex);
}

/** A block's header; undefined also for null, which a caller looks for first. */
export function readHeader(value: unknown): BlockHeader | undefined {
  const number = readQuantity(readField(value, 'number'));
  const hash = readHex(readField(value, 'hash'), 32);
  const parentHash = readHex(readField(value, 'parentHash'), 32);
  const timeUnixSeconds = readInteger(readField(value, 'timestamp'));
  if (number === undefined || hash === undefined || parentHash === undefined || timeUnixSeconds === undefined) {
    return undefined;
  }
  return { number, hash, parentHash, timeUnixSeconds };
}

/** A block number as the node wants it. */
export function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}
