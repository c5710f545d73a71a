import type { Asset, Authorization } from '@tollbook/domain';

/** A signed authorization to be judged. */
export type SignedAuthorization = {
  readonly asset: Asset;
  readonly authorization: Authorization;
  /** Hex as it arrived. */
  readonly signature: string;
};

export type VerifierVerdict =
  /** A contract may change its mind: what it signed is judged again right before it is sent. */
  | { readonly kind: 'accepted'; readonly signer: 'key' | 'contract' }
  | {
      readonly kind: 'refused';
      readonly reason: 'signature_invalid' | 'insufficient_funds' | 'verification_refused';
      /** What the chain said, kept on the attempt. */
      readonly rawReason: string;
    }
  /** The nonce is burnt: by a transfer anybody may have sent, or by `cancelAuthorization`. */
  | { readonly kind: 'spent'; readonly by: 'transfer' | 'cancellation' | 'unclear'; readonly txHash: string | null };

export type SignatureCheck =
  /** The payer's key signed it; or the payer is a contract, which `verify` asks. */
  | { readonly kind: 'plausible'; readonly signer: 'key' | 'contract' }
  | { readonly kind: 'refused'; readonly expected: string; readonly received: string };

/** Judges an authorization on its network; throws `ChainUnavailable` when our own node is needed and away. */
export interface AuthorizationVerifier {
  /**
   * Whether this may be the payer's signature. Of a key this is the whole proof, and needs no network; junk is refused
   * here, before anything is claimed.
   */
  checkSignature(signed: SignedAuthorization): Promise<SignatureCheck>;
  /** The address whose key made the signature, asking no node; null where no key could have. It may be anybody's. */
  recoverSigner(signed: SignedAuthorization): Promise<string | null>;
  /** Balance, nonce state and a simulated transfer on the newest state. */
  verify(signed: SignedAuthorization): Promise<VerifierVerdict>;
}
