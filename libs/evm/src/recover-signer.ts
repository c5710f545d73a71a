import { recoverAddress } from 'viem/utils';
import type { EcdsaSignature } from './ecdsa-signature.js';

/**
 * The address, lower-case, whose key made a signature over a digest; null when no key could have. It costs a few
 * milliseconds of this thread and is the only such place, so that native code can replace it.
 */
export async function recoverSigner(digest: `0x${string}`, { r, s, v }: EcdsaSignature): Promise<string | null> {
  try {
    return (await recoverAddress({ hash: digest, signature: { r, s, v } })).toLowerCase();
  } catch {
    // r is no point of the curve: about half of all random values.
    return null;
  }
}
