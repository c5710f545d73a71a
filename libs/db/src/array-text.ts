import { assert } from '@tollbook/domain';

/**
 * Arrays as the server reads them. The driver would look at each element for what it may be; a batch has thousands, and
 * their kinds are known.
 */

/** Of ids, words, numbers and other values that need no quotes. */
export function plainArray(values: readonly (string | number | bigint | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** Of moments, in unix milliseconds. */
export function timeArray(unixMs: readonly (number | null)[]): string {
  return `{${unixMs.map((at) => (at === null ? 'NULL' : new Date(at).toISOString())).join(',')}}`;
}

/** Of bytes. */
export function bytesArray(values: readonly (Uint8Array | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"\\\\x${hexText(value)}"`)).join(',')}}`;
}

/** Of bytes that are held as hex with `0x`. */
export function hexArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"\\\\x${digitsOf(value)}"`)).join(',')}}`;
}

/** Of texts of any kind. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : quoted(value))).join(',')}}`;
}

function digitsOf(hex: string): string {
  assert(/^0x([0-9a-f]{2})*$/.test(hex), 'hashes and addresses are lower-case hex');
  return hex.slice(2);
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
