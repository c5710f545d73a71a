import type { SealKey } from '@tollbook/domain';

/** A key that seals at any time. */
export function buildSealKey(changes: Partial<SealKey> = {}): SealKey {
  return {
    keyId: 1,
    secret: new Uint8Array(32).fill(7),
    sealFromUnixSeconds: 0,
    sealUntilUnixSeconds: 2 ** 32 - 1,
    isRevoked: false,
    ...changes,
  };
}
