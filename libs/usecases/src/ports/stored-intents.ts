import type { IntentStatus, UnreservableAmounts } from '@tollbook/domain';
import type { Receiver } from './configuration-store.js';
import type { PaymentTx } from './payment-tx.js';
import type { EventDraft, IntentRecord, IntentTerms } from './records.js';

/** An intent with what its merchant said of it. */
export type StoredIntentRecord = IntentRecord & { readonly description: string | null };

/** An intent before it is there. Its terms are frozen from then on. */
export type StoredIntentDraft = IntentTerms & {
  readonly bookId: number;
  readonly intentId: string;
  readonly orderId: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
};

/** Where a transfer would come to. */
export type PromisePlace = Pick<IntentTerms, 'network' | 'assetId' | 'walletId'>;

/** One dbTx over the intents of a book. */
export interface StoredIntentTx extends PaymentTx {
  receivers(): Promise<readonly Receiver[]>;
  /** Whether the book has such an endpoint, archived or not. */
  hasEndpoint(endpointId: string): Promise<boolean>;
  intent(intentId: string): Promise<StoredIntentRecord | null>;
  /** Holds an invoice id against claims and others who open it, until this dbTx ends. */
  holdInvoice(intentId: string): Promise<void>;
  /**
   * The amounts within a range that are promised at a wallet, held until this dbTx ends, those for which something of
   * the book's is sold or was within a day, and the last block of its network that was read.
   */
  unreservableAmounts(
    at: PromisePlace,
    range: { readonly mostAtomic: bigint; readonly leastAtomic: bigint },
  ): Promise<UnreservableAmounts & { readonly afterBlock: bigint }>;
  /** Promises an amount to an intent that is there. */
  promiseAmount(intentId: string, at: PromisePlace, amountAtomic: bigint, afterBlock: bigint): Promise<void>;
  /** Writes the intent with its first event, sequence 1. */
  insertIntent(draft: StoredIntentDraft, event: EventDraft): Promise<void>;
}

/** Intents that merchants make, and those that offers became. Null in a filter lets everything pass. */
export interface StoredIntentStore {
  inBook<T>(bookId: number, work: (tx: StoredIntentTx) => Promise<T>): Promise<T>;
  intent(bookId: number, intentId: string): Promise<StoredIntentRecord | null>;
  /** A page, newest first. */
  list(
    bookId: number,
    filter: { readonly status: IntentStatus | null; readonly orderId: string | null; readonly after: string | null },
    limit: number,
  ): Promise<readonly StoredIntentRecord[]>;
}
