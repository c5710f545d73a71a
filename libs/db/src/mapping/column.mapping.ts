import { assert, hexOf } from '@tollbook/domain';

/** Values of single columns, row to record and back: hex with `0x`, unix milliseconds, words of a list, plain bytes. */

/** Bytes as lower-case hex with `0x`. */
export function fromDbHex(bytes: Uint8Array): string {
  return `0x${hexOf(bytes)}`;
}

/** As `fromDbHex`, for a column that may be null. */
export function fromDbHexOrNull(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : fromDbHex(bytes);
}

/** Hex with `0x` as bytes; throws on text that is anything else. */
export function toDbHex(hex: string): Buffer {
  assert(/^0x([0-9a-f]{2})*$/.test(hex), 'hashes and addresses are lower-case hex');
  return Buffer.from(hex.slice(2), 'hex');
}

/** As `toDbHex`, for a column that may be null. */
export function toDbHexOrNull(hex: string | null): Buffer | null {
  return hex === null ? null : toDbHex(hex);
}

/** A copy of its own: the driver's buffer is a piece of everything that arrived with it. */
export function fromDbBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** As `fromDbBytes`, for a column that may be null. */
export function fromDbBytesOrNull(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : fromDbBytes(bytes);
}

/** Unix milliseconds of a moment that may be missing. */
export function fromDbTime(time: Date | null): number | null {
  return time === null ? null : time.getTime();
}

/** The moment of unix milliseconds that may be missing. */
export function toDbTime(unixMs: number | null): Date | null {
  return unixMs === null ? null : new Date(unixMs);
}

/** A word of the list its column is checked against; anything else is a bug. */
export function fromDbWord<Word extends string>(list: readonly Word[], text: string): Word {
  const word = list.find((each) => each === text);
  assert(word !== undefined, `the database holds a word that its list does not: ${text}`);
  return word;
}

/** As `fromDbWord`, for a column that may be null. */
export function fromDbWordOrNull<Word extends string>(list: readonly Word[], text: string | null): Word | null {
  return text === null ? null : fromDbWord(list, text);
}

/** A jsonb object; arrays and plain values do not stand in these columns. */
export function fromDbJson(value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === null) return null;
  assert(typeof value === 'object' && !Array.isArray(value), 'a jsonb column holds an object');
  return { ...value };
}

/** The text of a jsonb object. */
export function toDbJson(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** A column that the records of this library's use cases require. */
export function required<T>(value: T | null, column: string): T {
  assert(value !== null, `${column} is missing`);
  return value;
}
