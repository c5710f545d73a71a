import { AES_GCM_OVERHEAD_BYTES, decryptAesGcm, encryptAesGcm } from './aes-gcm.js';
import { constantTimeEqual, randomBytes } from './crypto-port.js';
import { deriveKey } from './derive-key.js';
import { VaultError } from './vault-error.js';

const DATA_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const KEY_ID_MAX = 0xffff_ffff;
const WRAP_AAD = Buffer.from('data_keys.wrapped_key', 'utf8');

type DataKey = { merchantId: string | null; key: Buffer };

/** One row of `data_keys`; `merchantId` null is the instance's own key. */
export type WrappedDataKey = { keyId: number; merchantId: string | null; wrappedKey: Uint8Array };

/**
 * Seals and opens `…_sealed` columns: key id (uint32, big-endian) ‖ 12-byte nonce ‖ AES-256-GCM ciphertext ‖ 16-byte tag.
 * Data keys live unwrapped in memory only; rows hold them wrapped by a key derived from the master key.
 */
export class Vault {
  readonly #wrappingKey: Uint8Array;
  readonly #dataKeys = new Map<number, DataKey>();
  readonly #newestKeyIds = new Map<string | null, number>();

  /** Takes the 32 bytes of `parseMasterKey` or `loadOrCreateMasterKey`. */
  constructor(masterKey: Buffer) {
    if (masterKey.byteLength !== 32) throw new VaultError('master_key_invalid', 'the master key must be 32 bytes');
    this.#wrappingKey = deriveKey(masterKey, 'data-key-wrapping/1');
  }

  /** A new data key, wrapped for its row; usable once the row's id is known and given to `addDataKey`. */
  createWrappedKey(): Uint8Array {
    return encryptAesGcm(this.#wrappingKey, randomBytes(DATA_KEY_BYTES), WRAP_AAD);
  }

  /** Unwraps one row; the same row twice is harmless, another key under a known id is refused. */
  addDataKey({ keyId, merchantId, wrappedKey }: WrappedDataKey): void {
    if (!Number.isInteger(keyId) || keyId < 1 || keyId > KEY_ID_MAX) {
      throw new VaultError('data_key_conflict', `data key id ${keyId} does not fit 32 bits`);
    }
    const key = decryptAesGcm(this.#wrappingKey, wrappedKey, WRAP_AAD);
    if (key === undefined || key.byteLength !== DATA_KEY_BYTES) {
      throw new VaultError('master_key_wrong', `data key ${keyId} was wrapped by another master key, or is damaged`);
    }
    const known = this.#dataKeys.get(keyId);
    if (known !== undefined && (known.merchantId !== merchantId || !constantTimeEqual(known.key, key))) {
      throw new VaultError('data_key_conflict', `data key ${keyId} is already known with another content`);
    }
    this.#dataKeys.set(keyId, { merchantId, key });
    this.#newestKeyIds.set(merchantId, Math.max(keyId, this.#newestKeyIds.get(merchantId) ?? 0));
  }

  /** Whether rows sealed with this key can be opened. */
  hasDataKey(keyId: number): boolean {
    return this.#dataKeys.has(keyId);
  }

  /** The key to seal a merchant's rows with: its newest one, the instance's for null. */
  dataKeyIdFor(merchantId: string | null): number | undefined {
    return this.#newestKeyIds.get(merchantId);
  }

  /** Seals a value to the place `aad` names (table, column and row id), so that it opens nowhere else. */
  seal(keyId: number, plaintext: Uint8Array, aad: string): Uint8Array {
    const encrypted = encryptAesGcm(this.#dataKey(keyId), plaintext, Buffer.from(aad, 'utf8'));
    const header = Buffer.alloc(KEY_ID_BYTES);
    header.writeUInt32BE(keyId);
    return Buffer.concat([header, encrypted]);
  }

  /** Opens what `seal` made with the same `aad`; throws a VaultError for anything else. */
  open(sealed: Uint8Array, aad: string): Uint8Array {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.byteLength < KEY_ID_BYTES + AES_GCM_OVERHEAD_BYTES) {
      throw new VaultError('sealed_malformed', 'the sealed value is too short');
    }
    const keyId = bytes.readUInt32BE(0);
    const plaintext = decryptAesGcm(this.#dataKey(keyId), bytes.subarray(KEY_ID_BYTES), Buffer.from(aad, 'utf8'));
    if (plaintext === undefined) {
      throw new VaultError('sealed_not_authentic', `the value sealed with data key ${keyId} was altered or moved`);
    }
    return plaintext;
  }

  #dataKey(keyId: number): Buffer {
    const dataKey = this.#dataKeys.get(keyId);
    if (dataKey === undefined) throw new VaultError('data_key_unknown', `data key ${keyId} is not loaded`);
    return dataKey.key;
  }
}
