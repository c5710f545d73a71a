import type { HmacSha256, Sha256 } from '@tollbook/domain';

/** Hashes, MACs and randomness. */
export interface Crypto {
  readonly sha256: Sha256;
  readonly hmacSha256: HmacSha256;
  randomBytes(count: number): Uint8Array;
}
