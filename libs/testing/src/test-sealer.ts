import type { Sealer } from '@tollbook/usecases';

/** Seals nothing, but opens only with the `aad` that was sealed with. */
export function testSealer(): Sealer {
  const encoder = new TextEncoder();
  return {
    seal: (_merchantId, plaintext, aad) => {
      const label = encoder.encode(aad);
      return Uint8Array.from([label.length, ...label, ...plaintext]);
    },
    open: (sealed, aad) => {
      const length = sealed[0] ?? 0;
      const label = new TextDecoder().decode(sealed.subarray(1, 1 + length));
      if (label !== aad) throw new Error(`sealed for ${label}, opened for ${aad}`);
      return sealed.slice(1 + length);
    },
  };
}
