import type { Asset, Authorization } from '@tollbook/domain';

/** A signed authorization to be judged. */
export type SignedAuthorization = {
  readonly asset: Asset;
  readonly authorization: Authorization;
  /** Hex as it arrived. */
  readonly signature: string;
};

export type VerifierVerdict =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'refused';
      readonly reason: 'signature_invalid' | 'insufficient_funds' | 'verification_refused';
      /** What the chain said, kept on the attempt. */
      readonly rawReason: string;
    }
  /** The nonce is burnt: by a transfer anybody may have sent, or by `cancelAuthorization`. */
  | { readonly kind: 'spent'; readonly by: 'transfer' | 'cancellation' | 'unclear'; readonly txHash: string | null };

/** Judges an authorization. Local checks need no network; `verify` asks our own node and throws `ChainUnavailable`. */
export interface AuthorizationVerifier {
  /** Whether an externally owned account signed exactly this, with a signature in its one canonical spelling. */
  isSignedByPayer(signed: SignedAuthorization): Promise<boolean>;
  /** Balance, nonce state and a simulated transfer on the newest state. */
  verify(signed: SignedAuthorization): Promise<VerifierVerdict>;
}
