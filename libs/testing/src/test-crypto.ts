import { createHash, createHmac } from 'node:crypto';
import type { Crypto } from '@tollbook/usecases';

/** Real hashes, and random bytes that are the same for the same seed. */
export function testCrypto(seed: string): Crypto {
  let drawn = 0;
  const sha256 = (...parts: Uint8Array[]): Uint8Array => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
  };
  return {
    sha256,
    hmacSha256: (key, ...parts) => {
      const mac = createHmac('sha256', key);
      for (const part of parts) mac.update(part);
      return new Uint8Array(mac.digest());
    },
    randomBytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += 32) {
        drawn += 1;
        bytes.set(sha256(new TextEncoder().encode(`${seed}/${drawn}`)).subarray(0, count - at), at);
      }
      return bytes;
    },
  };
}
