import { recoverAddress } from 'viem/utils';
import type { EcdsaSignature } from './ecdsa-signature.js';
import { loadNativeCurve } from './native-curve.js';

/** The address, lower-case, whose key made a signature over a digest; null when no key could have. */
export type RecoverSigner = (digest: `0x${string}`, signature: EcdsaSignature) => Promise<string | null>;

/** Recovers in JavaScript: correct everywhere, but it holds this thread for milliseconds. */
export const recoverInScript: RecoverSigner = async (digest, { r, s, v }) => {
  try {
    return (await recoverAddress({ hash: digest, signature: { r, s, v } })).toLowerCase();
  } catch {
    // r is no point of the curve: about half of all random values.
    return null;
  }
};

const curve = loadNativeCurve();

/** Recovers in native code, some dozen times as fast; null where this platform has no binary of it. */
export const recoverNatively: RecoverSigner | null =
  curve && ((digest, signature) => Promise.resolve(curve.recover(digest, signature)));

/** The one place where a payment's signature is turned into its signer. */
export const recoverSigner: RecoverSigner = recoverNatively ?? recoverInScript;

/** Whether signatures are recovered in native code here. */
export const isRecoveryNative = recoverNatively !== null;
