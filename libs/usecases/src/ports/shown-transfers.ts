import type { AmountPromise } from '@tollbook/domain';
import type { PaymentTx } from './payment-tx.js';
import type { AttemptFacts, IntentKey, IntentRecord, IntentTerms, TransferRecord } from './records.js';

/** A transfer of a transaction that a buyer showed, as our indexer read it, with who has it. */
export type SeenTransfer = TransferRecord & {
  /** The intent of the attempt that holds its replay key. */
  readonly holderIntentId: string | null;
  /** What its money was given to, which may be no intent; null while it is unmatched or not booked yet. */
  readonly givenTo: { readonly intentId: string | null } | null;
  /** Whether its amount or a person's hand gave it, or it bought nothing: its payer proved nothing for it. */
  readonly isGivenUnproven: boolean;
};

/** What is known of an invoice and of the transaction that is said to pay it. */
export type ShownStanding = {
  readonly intent: IntentRecord | null;
  /** Not orphaned, by position; those that touch none of the book's wallets are never read. */
  readonly transfers: readonly SeenTransfer[];
  /** The promise of the intent's amount, while that is its own (B2). */
  readonly promise: AmountPromise | null;
};

/** A shown transaction's attempt: nothing is to be sent, so it is born `submitted`. */
export type ShownAttempt = AttemptFacts & { readonly txHash: string };

/** One dbTx in which a shown transfer is taken for an invoice. */
export interface ShownTransferTx extends PaymentTx {
  /** Holds an invoice id against claims and those who open it, until this dbTx ends. */
  holdInvoice(intentId: string): Promise<void>;
  /** As the store's, with the intent locked. */
  standing(intentId: string, txHash: string | null): Promise<ShownStanding>;
  transfer(transferId: string): Promise<TransferRecord | null>;
  /** Writes the intent that an offer becomes, as silently as every offer does. */
  insertOffered(intent: IntentKey & IntentTerms, payer: string): Promise<void>;
  /** Takes the replay key of an attempt to come; false when another has it. */
  takeKey(attempt: ShownAttempt): Promise<boolean>;
  /** Writes the attempt, whose key was taken and whose intent is there. */
  insertShown(attempt: ShownAttempt): Promise<void>;
}

/** The gate's side of transfers that buyers show. Throws `StoreUnavailable`. */
export interface ShownTransferStore {
  standing(bookId: number, intentId: string, txHash: string | null): Promise<ShownStanding>;
  /** The transaction that an intent's promised amount was seen in, while it is not deep enough to be booked (B2). */
  seenByAmount(bookId: number, intentId: string): Promise<string | null>;
  /** Up to which block our indexer has read a network and booked it as confirmed; null before its first scan. */
  confirmedHeight(network: string): Promise<bigint | null>;
  /** The chain time up to which our indexer has read a network and booked it as final; null while that is not known. */
  finalTimeUnixSeconds(network: string): Promise<number | null>;
  inBook<T>(bookId: number, work: (tx: ShownTransferTx) => Promise<T>): Promise<T>;
}
