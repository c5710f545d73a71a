import { sign } from 'viem/accounts';
import type { EcdsaSignature } from './ecdsa-signature.js';
import { loadNativeCurve } from './native-curve.js';

/**
 * A signature of 32 bytes by a key within the curve; the same each time. Both ways agree on every digest below the curve's
 * order, and of hashes only one in 2^128 is not.
 */
export type SignDigest = (digest: `0x${string}`, privateKey: `0x${string}`) => Promise<EcdsaSignature>;

/** Signs in JavaScript: correct everywhere, but it holds this thread for a millisecond. */
export const signInScript: SignDigest = async (digest, privateKey) => {
  const { r, s, yParity } = await sign({ hash: digest, privateKey });
  return { r: word(r), s: word(s), v: yParity === 0 ? 27n : 28n };
};

const curve = loadNativeCurve();

/** Signs in native code; null where this platform has no binary of it. */
export const signNatively: SignDigest | null =
  curve && ((digest, privateKey) => Promise.resolve(curve.sign(digest, privateKey)));

/** The one place where our own keys sign. */
export const signDigest: SignDigest = signNatively ?? signInScript;

function word(hex: string): `0x${string}` {
  return `0x${hex.slice(2).padStart(64, '0')}`;
}
