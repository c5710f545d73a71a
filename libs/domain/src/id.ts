import { assert } from './assert.js';
import { decodeBase32, encodeBase32 } from './base32.js';
import type { Brand } from './brand.js';

/** Ids are UUIDs (version 7) inside; the prefixed base32 form stands only at the edges. */
export type IntentId = Brand<string, 'IntentId'>;
export type AttemptId = Brand<string, 'AttemptId'>;
export type TransferId = Brand<string, 'TransferId'>;
export type AllocationId = Brand<string, 'AllocationId'>;
export type EventId = Brand<string, 'EventId'>;
export type EndpointId = Brand<string, 'EndpointId'>;
export type WalletId = Brand<string, 'WalletId'>;

/** The kinds of id that are shown to people, and the prefix of each. */
export const idPrefixes = {
  intent: 'pi',
  attempt: 'att',
  transfer: 'tr',
  allocation: 'alc',
  discrepancy: 'dis',
  event: 'evt',
  delivery: 'dlv',
  webhookEndpoint: 'whe',
  webhookRecovery: 'whr',
  endpoint: 'ep',
  priceVersion: 'pv',
  wallet: 'wal',
  apiKey: 'key',
  rateLimitOverride: 'rlo',
  facilitator: 'fac',
  refusal: 'rfs',
  allowedPayer: 'alp',
  refund: 'rf',
} as const;
export type IdKind = keyof typeof idPrefixes;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `pi_…` and its like: prefix, underscore, 26 characters of base32. Throws on text that is not a UUID. */
export function encodeId(kind: IdKind, uuid: string): string {
  return encodeIdBytes(kind, bytesOfUuid(uuid));
}

/** The same of a UUID's sixteen bytes, for where its text is not needed. */
export function encodeIdBytes(kind: IdKind, bytes: Uint8Array): string {
  return `${idPrefixes[kind]}_${encodeBase32(bytes)}`;
}

/** The UUID behind a prefixed id, or null when the prefix, the length or a character is wrong. */
export function decodeId(kind: IdKind, text: string): string | null {
  const prefix = `${idPrefixes[kind]}_`;
  if (!text.startsWith(prefix) || text.length !== prefix.length + 26) return null;
  const bytes = decodeBase32(text.slice(prefix.length));
  return bytes?.length === 16 ? uuidOfBytes(bytes) : null;
}

/** A version 7 UUID from a time in milliseconds and ten random bytes (74 bits of them are used). */
export function uuidV7(unixMs: number, random: Uint8Array): string {
  return uuidOfBytes(uuidV7Bytes(unixMs, random));
}

/** The bytes of a version 7 UUID. */
export function uuidV7Bytes(unixMs: number, random: Uint8Array): Uint8Array {
  assert(random.length >= 10, 'a UUID needs ten random bytes');
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 10; at += 1) bytes[6 + at] = random[at] ?? 0;
  let time = Math.trunc(unixMs);
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

const hexByte = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** The canonical text of sixteen bytes. */
export function uuidOfBytes(bytes: Uint8Array): string {
  let hex = '';
  for (let at = 0; at < 16; at += 1) {
    if (at === 4 || at === 6 || at === 8 || at === 10) hex += '-';
    hex += hexByte[bytes[at] ?? 0];
  }
  return hex;
}

function bytesOfUuid(uuid: string): Uint8Array {
  assert(uuidPattern.test(uuid), 'an id must be a lower-case UUID');
  const bytes = new Uint8Array(16);
  let at = 0;
  for (let byte = 0; byte < 16; byte += 1) {
    if (uuid.charCodeAt(at) === hyphen) at += 1;
    bytes[byte] = (hexValue(uuid.charCodeAt(at)) << 4) | hexValue(uuid.charCodeAt(at + 1));
    at += 2;
  }
  return bytes;
}

const hyphen = 45;

/** The value of a lower-case hex digit's character code. */
function hexValue(code: number): number {
  return code <= 57 ? code - 48 : code - 87;
}
