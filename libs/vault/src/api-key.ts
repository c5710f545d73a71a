import { encodeBase32 } from '@tollbook/domain';
import { hmacSha256, randomBytes, sha256 } from './crypto-port.js';

/** Which of a merchant's two books a key opens. */
export type ApiKeyMode = 'test' | 'live';

/** What a well-formed key says; `secret` is compared by its hash only. */
export type ParsedApiKey = { mode: ApiKeyMode; lookup: string; secret: string };

/** A new key: `text` is shown once, `lookup` and the hash of its secret are what is kept. */
export type CreatedApiKey = { text: string; lookup: string; secretHash: (pepper: Uint8Array) => Uint8Array };

const LOOKUP_CHARACTERS = 12;
const SECRET_BYTES = 20;
const CHECKSUM_CHARACTERS = 6;
const API_KEY_PATTERN = /^tbk_(test|live)_([a-z2-7]{12})([a-z2-7]{32})([a-z2-7]{6})$/;

/** Makes a key `tbk_<mode>_<lookup><secret><checksum>` with 160 random bits of secret. */
export function createApiKey(mode: ApiKeyMode): CreatedApiKey {
  const lookup = encodeBase32(randomBytes(8)).slice(0, LOOKUP_CHARACTERS);
  const secret = encodeBase32(randomBytes(SECRET_BYTES));
  return {
    text: `tbk_${mode}_${lookup}${secret}${checksumOf(mode, lookup, secret)}`,
    lookup,
    secretHash: (pepper) => hashApiKey(pepper, secret),
  };
}

/** Reads a key's parts; null for anything mistyped, so that a typo never costs a query. */
export function parseApiKey(text: string): ParsedApiKey | null {
  const match = API_KEY_PATTERN.exec(text);
  if (match === null) return null;
  const [, modeText, lookup = '', secret = '', checksum] = match;
  const mode = modeText === 'live' ? 'live' : 'test';
  return checksum === checksumOf(mode, lookup, secret) ? { mode, lookup, secret } : null;
}

/** The 32 bytes stored for a secret: useless to whoever steals the table without the pepper. */
export function hashApiKey(pepper: Uint8Array, secret: string): Uint8Array {
  return hmacSha256(pepper, Buffer.from(secret, 'utf8'));
}

/** Detects typing errors and a changed mode; it authenticates nothing. */
function checksumOf(mode: ApiKeyMode, lookup: string, secret: string): string {
  const digest = sha256(Buffer.from(`tollbook/api-key/1\0${mode}_${lookup}${secret}`, 'utf8'));
  return encodeBase32(digest).slice(0, CHECKSUM_CHARACTERS);
}
