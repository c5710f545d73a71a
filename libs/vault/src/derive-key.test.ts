import { hkdfSync, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { deriveKey } from './derive-key.js';

it('derives the same 32 bytes for a label, and other ones for another label or master key', () => {
  const masterKey = randomBytes(32);
  const pepper = deriveKey(masterKey, 'api-key-pepper/1');
  expect(pepper.byteLength).toBe(32);
  expect(deriveKey(masterKey, 'api-key-pepper/1')).toEqual(pepper);
  expect(deriveKey(masterKey, 'client-net/1')).not.toEqual(pepper);
  expect(deriveKey(randomBytes(32), 'api-key-pepper/1')).not.toEqual(pepper);
});

it('is plain HKDF, so stored hashes outlive a rewrite', () => {
  const expected = new Uint8Array(hkdfSync('sha256', new Uint8Array(32), '', 'tollbook/label', 32));
  expect(deriveKey(new Uint8Array(32), 'label')).toEqual(expected);
});
