/** Encrypts what must not be read from a stolen database. `aad` names table and row, so sealed bytes cannot be moved. */
export interface Sealer {
  /** Seals under the merchant's data key, or the instance's where `merchantId` is null. */
  seal(merchantId: string | null, plaintext: Uint8Array, aad: string): Uint8Array;
  /** Throws when the key is unknown, or bytes or `aad` were changed. */
  open(sealed: Uint8Array, aad: string): Uint8Array;
}
