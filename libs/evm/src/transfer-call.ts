import type { Authorization } from '@tollbook/domain';
import type { EcdsaSignature } from './ecdsa-signature.js';
import { encodeWords, selectors } from './token-abi.js';

/** Calldata of `transferWithAuthorization` with v, r, s: what the verifier simulates is what the gateway sends. */
export function transferCall(authorization: Authorization, { v, r, s }: EcdsaSignature): `0x${string}` {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  return encodeWords(
    selectors.transferWithAuthorization,
    from,
    to,
    valueAtomic,
    validAfterUnixSeconds,
    validBeforeUnixSeconds,
    nonce,
    v,
    r,
    s,
  );
}

/**
 * Gas of one transfer. The costliest kind, a first payment to a wallet, takes 100,300 on the sandbox token, and USDC's
 * proxy adds some thousands; what is not used is not paid, while too little would revert.
 */
export const transferGasLimit = 150_000n;
