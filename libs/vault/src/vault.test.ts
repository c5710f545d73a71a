import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Vault } from './vault.js';
import { VaultError } from './vault-error.js';

const AAD = 'paid_answers.body_sealed:0198f1';

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof VaultError ? error.code : String(error);
  }
  return undefined;
}

function buildVault(): { vault: Vault; masterKey: Buffer; wrappedKey: Uint8Array } {
  const masterKey = randomBytes(32);
  const vault = new Vault(masterKey);
  const wrappedKey = vault.createWrappedKey();
  vault.addDataKey({ keyId: 7, merchantId: 'm1', wrappedKey });
  return { vault, masterKey, wrappedKey };
}

describe('Vault', () => {
  it('opens what it sealed, in another process holding the same rows', () => {
    const { vault, masterKey, wrappedKey } = buildVault();
    const sealed = vault.seal(7, Buffer.from('answer'), AAD);
    const other = new Vault(masterKey);
    other.addDataKey({ keyId: 7, merchantId: 'm1', wrappedKey });
    expect(Buffer.from(other.open(sealed, AAD)).toString()).toBe('answer');
  });

  it('lays a sealed value out as key id, nonce, ciphertext and tag', () => {
    const { vault } = buildVault();
    const sealed = vault.seal(7, new Uint8Array(5), AAD);
    expect(sealed.byteLength).toBe(4 + 12 + 5 + 16);
    expect([...sealed.subarray(0, 4)]).toEqual([0, 0, 0, 7]);
  });

  it('seals and opens an empty value', () => {
    const { vault } = buildVault();
    expect(vault.open(vault.seal(7, new Uint8Array(0), AAD), AAD).byteLength).toBe(0);
  });

  it('never seals the same value twice to the same bytes', () => {
    const { vault } = buildVault();
    const plaintext = Buffer.from('same');
    expect(Buffer.from(vault.seal(7, plaintext, AAD))).not.toEqual(Buffer.from(vault.seal(7, plaintext, AAD)));
  });

  it('refuses a value moved to another row', () => {
    const { vault } = buildVault();
    const sealed = vault.seal(7, Buffer.from('answer'), AAD);
    expect(codeOf(() => vault.open(sealed, `${AAD}0`))).toBe('sealed_not_authentic');
  });

  it('refuses a value with any bit turned', () => {
    const { vault } = buildVault();
    const sealed = vault.seal(7, Buffer.from('x'), AAD);
    for (let bit = 0; bit < sealed.byteLength * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      const index = bit >> 3;
      altered[index] = (altered[index] ?? 0) ^ (1 << (bit & 7));
      expect(['sealed_not_authentic', 'data_key_unknown']).toContain(codeOf(() => vault.open(altered, AAD)));
    }
  });

  it('refuses a value that is cut short', () => {
    const { vault } = buildVault();
    const sealed = vault.seal(7, new Uint8Array(0), AAD);
    expect(codeOf(() => vault.open(sealed.subarray(0, 31), AAD))).toBe('sealed_malformed');
  });

  it('refuses a data key wrapped by another master key', () => {
    const { wrappedKey } = buildVault();
    const other = new Vault(randomBytes(32));
    expect(codeOf(() => other.addDataKey({ keyId: 7, merchantId: 'm1', wrappedKey }))).toBe('master_key_wrong');
    expect(other.hasDataKey(7)).toBe(false);
  });

  it('refuses to seal or open with a key it was not given', () => {
    const { vault } = buildVault();
    const sealed = Buffer.from(vault.seal(7, Buffer.from('x'), AAD));
    sealed.writeUInt32BE(8);
    expect(codeOf(() => vault.open(sealed, AAD))).toBe('data_key_unknown');
    expect(codeOf(() => vault.seal(-1, Buffer.from('x'), AAD))).toBe('data_key_unknown');
  });

  it('takes the same row twice, and refuses another key or merchant under its id', () => {
    const { vault, wrappedKey } = buildVault();
    vault.addDataKey({ keyId: 7, merchantId: 'm1', wrappedKey });
    expect(codeOf(() => vault.addDataKey({ keyId: 7, merchantId: 'm2', wrappedKey }))).toBe('data_key_conflict');
    const replaced = { keyId: 7, merchantId: 'm1', wrappedKey: vault.createWrappedKey() };
    expect(codeOf(() => vault.addDataKey(replaced))).toBe('data_key_conflict');
  });

  it.each([0, -1, 1.5, 2 ** 32])('refuses the key id %s, which has no place in a sealed value', (keyId) => {
    const { vault, wrappedKey } = buildVault();
    expect(codeOf(() => vault.addDataKey({ keyId, merchantId: null, wrappedKey }))).toBe('data_key_conflict');
  });

  it('names the newest key of a merchant, whatever order the rows came in', () => {
    const { vault } = buildVault();
    vault.addDataKey({ keyId: 9, merchantId: 'm1', wrappedKey: vault.createWrappedKey() });
    vault.addDataKey({ keyId: 8, merchantId: 'm1', wrappedKey: vault.createWrappedKey() });
    vault.addDataKey({ keyId: 3, merchantId: null, wrappedKey: vault.createWrappedKey() });
    expect(vault.dataKeyIdFor('m1')).toBe(9);
    expect(vault.dataKeyIdFor(null)).toBe(3);
    expect(vault.dataKeyIdFor('m2')).toBeUndefined();
  });

  it('shows no key material when it is printed', () => {
    const { vault } = buildVault();
    expect(JSON.stringify(vault)).toBe('{}');
  });
});
