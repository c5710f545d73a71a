import type { InvoiceRefusal } from '@tollbook/domain';
import type { PaymentTx, StoredAnswer } from './payment-tx.js';
import type { AttemptFacts, AttemptKey, AttemptRecord, IntentKey, IntentTerms } from './records.js';

export type ClaimInput = {
  readonly attempt: AttemptFacts;
  readonly intent: IntentTerms;
  readonly leaseOwner: string;
  readonly leaseMs: number;
  readonly payloadSealed: Uint8Array;
  /** The buyer's own name for this purchase: it buys once, however often it is signed. */
  readonly identifier: string | null;
};

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly attempt: AttemptRecord }
  /** The replay key is taken: this very payload was shown before. */
  | { readonly kind: 'existing'; readonly attempt: AttemptRecord }
  /** Another signature of the same payer already bought, or is buying, this (law c, or one identifier): answer from that attempt. */
  | { readonly kind: 'earlier'; readonly attempt: AttemptRecord; readonly isSameInvoice: boolean }
  | { readonly kind: 'refused'; readonly reason: InvoiceRefusal };

/** Money that was sent and is not confirmed. */
export type SentAndOpen = {
  readonly payer: string;
  readonly assetId: number;
  /** Null for a stored intent that no endpoint sells. */
  readonly endpointId: string | null;
  readonly amountAtomic: bigint;
};

/** The gate's side of the database: one book a call, as the application's own role. Throws `StoreUnavailable`. */
export interface PaymentStore {
  /** Takes the replay key, makes the intent if new, and inserts the attempt, in one commit before anything runs. */
  claim(input: ClaimInput): Promise<ClaimResult>;
  attemptByReplayKey(bookId: number, network: string, replayKeyHash: Uint8Array): Promise<AttemptRecord | null>;
  attempt(bookId: number, attemptId: string): Promise<AttemptRecord | null>;
  /** The invoice id of the attempt's intent: showing it is what lets a stored answer be read. */
  invoiceIdOf(bookId: number, intentId: string): Promise<Uint8Array | null>;
  /** The signed payment that an attempt was claimed with, sealed; null once the attempt is final. */
  sealedPayload(key: AttemptKey): Promise<Uint8Array | null>;
  /** Makes this process the owner (epoch + 1), if the lease has lapsed or its owner is gone; null when not. */
  takeOver(attempt: AttemptRecord, leaseOwner: string, leaseMs: number): Promise<AttemptRecord | null>;
  /** What each payer has sent for each endpoint in each token and is not confirmed yet. */
  exposure(bookId: number): Promise<readonly SentAndOpen[]>;
  storedAnswer(bookId: number, attemptId: string): Promise<StoredAnswer | null>;
  /** One dbTx within the book. `attemptId`s found inside are locked through their intents. */
  inBook<T>(bookId: number, work: (tx: PaymentTx) => Promise<T>): Promise<T>;
  /**
   * Changes one intent and what hangs on it, in a dbTx that it may share with changes of others that come at the same
   * time. `change` touches nothing but that intent's, waits for nothing but `tx`, and may run more than once.
   */
  changeIntent<T>(key: IntentKey, change: (tx: PaymentTx) => Promise<T>): Promise<T>;
}
