import { jsonFault } from './json-fault.js';

/** The longest payment header that is looked at, in characters. */
export const paymentHeaderCharsMax = 8192;

export type Base64JsonResult =
  | { readonly kind: 'ok'; readonly json: unknown; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly detail: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads base64 of JSON in its one canonical spelling: standard alphabet, padded, no spare bits, UTF-8 without a byte
 * order mark, at most 8,192 characters, and nothing that `jsonFault` finds. Never throws.
 */
export function decodeBase64Json(value: string): Base64JsonResult {
  if (value.length > paymentHeaderCharsMax) return refused(`longer than ${paymentHeaderCharsMax} characters`);
  if (value.includes(',')) return refused('more than one value');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return refused('not standard padded base64');
  const buffer = Buffer.from(value, 'base64');
  if (buffer.toString('base64') !== value) return refused('not canonical base64');
  try {
    const text = utf8.decode(buffer);
    const json: unknown = JSON.parse(text);
    const fault = jsonFault(text);
    // A copy, because small buffers are views into a pool that the record of a payment must not keep alive.
    return fault === null ? { kind: 'ok', json, bytes: Uint8Array.from(buffer) } : refused(fault);
  } catch {
    return refused('not JSON in UTF-8');
  }
}

function refused(detail: string): Base64JsonResult {
  return { kind: 'refused', detail };
}
