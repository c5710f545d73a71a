import { hkdfSync } from 'node:crypto';

const DERIVED_KEY_BYTES = 32;

/** A 32-byte key of one purpose (HKDF-SHA-256): keys of different labels tell nothing about each other. */
export function deriveKey(masterKey: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `tollbook/${label}`, DERIVED_KEY_BYTES));
}
