import { VaultError } from './vault-error.js';

const MASTER_KEY_BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/** Reads 32 bytes written as hex or base64; refuses other lengths and keys nobody could have drawn at random. */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  if (!HEX.test(trimmed) && !BASE64.test(trimmed)) {
    throw new VaultError('master_key_invalid', 'the master key must be 32 bytes, as 64 hex digits or as base64');
  }
  const key = Buffer.from(trimmed, HEX.test(trimmed) ? 'hex' : 'base64');
  // 32 random bytes show fewer than 8 different values with a chance below 1e-30: such a key was typed, not drawn.
  if (key.byteLength !== MASTER_KEY_BYTES || new Set(key).size < 8) {
    throw new VaultError('master_key_invalid', 'the master key is too regular to be random; draw 32 random bytes');
  }
  return key;
}
