import type { SignedAuthorization } from './authorization-verifier.js';

/** A chain transaction signed by our own gas key; `signedTx` is what is stored before, and sent after, the commit. */
export type SignedChainTx = { readonly signedTx: Uint8Array; readonly txHash: string };

/** Everything the network had to be asked for; signing itself needs the gas nonce, drawn in the dbTx of T4. */
export interface PreparedSettlement {
  /** Lower-case: whose gas nonce is drawn. */
  readonly signerAddress: string;
  sign(gasNonce: bigint): Promise<SignedChainTx>;
}

export type SendOutcome =
  /** Our node has the transaction, now or from before. */
  | { readonly kind: 'accepted' }
  /** Anything else: a timeout, a refusal, garbage. The bytes may be on their way, so only the chain can tell. */
  | { readonly kind: 'uncertain'; readonly hint: string };

export type RepriceOutcome =
  | ({ readonly kind: 'signed' } & SignedChainTx)
  | { readonly kind: 'fair' }
  /** More is asked than we are ready to pay; it waits until less is asked. */
  | { readonly kind: 'capped' }
  /** The key of that address is not here. */
  | { readonly kind: 'no_key' };

/** Carries out an authorization. One per network; throws `ChainUnavailable` only from `prepare`, never after sending. */
export interface SettlementGateway {
  prepare(signed: SignedAuthorization): Promise<PreparedSettlement>;
  send(signedTx: Uint8Array): Promise<SendOutcome>;
  /**
   * The same call at the same gas nonce, signed for fees at which nodes take it in the place of the bytes shown. `fair`
   * where those offer what is asked now and `isForced` does not say otherwise. Throws `ChainUnavailable`.
   */
  reprice(stuck: {
    readonly signedTx: Uint8Array;
    /** Whose nonce it uses, lower-case. */
    readonly signerAddress: string;
    /** Whether it is next in line, and blocks go by without it all the same. */
    readonly isForced: boolean;
  }): Promise<RepriceOutcome>;
  /** How many transactions of a gas signer stand in blocks: the nonce that comes next. Throws `ChainUnavailable`. */
  minedNonces(address: string): Promise<bigint>;
}
