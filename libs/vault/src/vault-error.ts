/** Why the vault refused: every code is a reason to stop, none is cured by trying again. */
export type VaultErrorCode =
  | 'master_key_invalid'
  | 'master_key_exposed'
  | 'master_key_wrong'
  | 'data_key_conflict'
  | 'data_key_unknown'
  | 'sealed_malformed'
  | 'sealed_not_authentic';

/** A refusal of the vault; its message names files and key ids, never key material or plaintext. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly code: VaultErrorCode,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}
