import type { Asset } from '@tollbook/domain';

/** What a remote facilitator is asked to carry out. The same order makes the same bytes, however often it is sent. */
export type SettleOrder = {
  readonly asset: Asset;
  readonly amountAtomic: bigint;
  /** Lower-case. */
  readonly payer: string;
  readonly nonce: string;
  /** The decoded payment as the buyer sent it: authorization and signature are taken from it, and nothing else. */
  readonly payload: Uint8Array;
};

export type SettleOutcome =
  /** It named a transaction for exactly this order. Only the chain tells whether that is true. */
  | { readonly kind: 'accepted'; readonly txHash: string }
  /** It said no, before it sent anything, for a reason that we know. */
  | { readonly kind: 'refused'; readonly rawReason: string }
  /** Anything else. The payment may be on its way, so only the chain can tell. */
  | { readonly kind: 'uncertain'; readonly hint: string; readonly rawReason: string | null };

export type RemoteVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly rawReason: string }
  | { readonly kind: 'unavailable' };

/** Somebody else who carries out payments. Never throws: whatever goes wrong is an outcome. */
export interface RemoteFacilitator {
  readonly facilitatorId: string;
  /** Whether it answered when it was last asked and settles on this network; nothing is asked now. */
  isReady(network: string): boolean;
  /** Its own opinion before anything is sent, where it is set to be asked; null where it is not. */
  readonly verify: ((order: SettleOrder) => Promise<RemoteVerdict>) | null;
  settle(order: SettleOrder): Promise<SettleOutcome>;
}

/** Those whom a payment may be sent through. */
export type Facilitator =
  | { readonly kind: 'built_in' }
  | { readonly kind: 'remote'; readonly remote: RemoteFacilitator };

/** The facilitators of a book. */
export interface Facilitators {
  /** In the order in which they are asked; for a payer, where one is known yet. */
  chosenFor(bookId: number, payer?: string): readonly Facilitator[];
  /** One that an attempt was sent to, also when it is not chosen any more; undefined when it is gone. */
  remoteOf(bookId: number, facilitatorId: string): RemoteFacilitator | undefined;
}
