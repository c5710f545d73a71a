import { type Hex, isHex } from 'viem';

/** What the sandbox reads of a block: its number, hash and how many transactions it holds. */
export interface BlockHead {
  number: number;
  hash: Hex;
  transactionCount: number;
}

/** Reads a hex quantity as a safe integer; throws `TypeError` for anything else. */
export function parseQuantity(value: unknown): number {
  const parsed = typeof value === 'string' && isHex(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(parsed)) throw new TypeError(`not a quantity: ${JSON.stringify(value)}`);
  return parsed;
}

/** Reads a hex string; throws `TypeError` for anything else. */
export function parseHex(value: unknown): Hex {
  if (typeof value !== 'string' || !isHex(value)) throw new TypeError(`not hex: ${JSON.stringify(value)}`);
  return value;
}

/** Reads the answer of `eth_getBlockBy…`; throws `TypeError` when it is null or no block. */
export function parseBlockHead(value: unknown): BlockHead {
  const { number, hash, transactions } = parseFields(value);
  return {
    number: parseQuantity(number),
    hash: parseHex(hash),
    transactionCount: Array.isArray(transactions) ? transactions.length : 0,
  };
}

/** Reads any JSON object as its fields; throws `TypeError` for anything else. */
export function parseFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`not an object: ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** Writes an integer as a hex quantity (`0x10`). */
export function toQuantity(value: number | bigint): Hex {
  return `0x${value.toString(16)}`;
}
