import { createCipheriv, createDecipheriv } from 'node:crypto';
import { randomBytes } from './crypto-port.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What sealing adds to a plaintext: nonce and tag. */
export const AES_GCM_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

/** nonce ‖ ciphertext ‖ tag under AES-256-GCM with a random nonce: at most 2^32 messages a key. */
export function encryptAesGcm(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or undefined when key, AAD or a single bit differ from what was encrypted. */
export function decryptAesGcm(key: Uint8Array, encrypted: Uint8Array, aad: Uint8Array): Buffer | undefined {
  if (encrypted.byteLength < AES_GCM_OVERHEAD_BYTES) return undefined;
  const tagStart = encrypted.byteLength - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(encrypted.subarray(tagStart));
  const plaintext = decipher.update(encrypted.subarray(NONCE_BYTES, tagStart));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined;
  }
}
