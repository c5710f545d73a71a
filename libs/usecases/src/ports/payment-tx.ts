import type { EntryDraft, RollupChange } from '@tollbook/domain';
import type {
  AllocationRecord,
  AttemptKey,
  AttemptRecord,
  DiscrepancyDraft,
  EventDraft,
  IntentKey,
  IntentRecord,
} from './records.js';

/** A gas signer of a network, by its lower-case address. */
export type GasSignerName = { readonly network: string; readonly address: string };

export type GasNonce = { readonly gasSignerId: number; readonly address: string; readonly nonce: bigint };

export type StoredAnswer = {
  readonly bookId: number;
  readonly attemptId: string;
  readonly httpStatus: number;
  readonly headersSealed: Uint8Array;
  readonly bodySealed: Uint8Array;
  readonly expiresAtMs: number;
};

/**
 * One dbTx over the payment side. Everything takes lists, so that a batch costs as many statements as one payment.
 * Callers lock intents first (by book and id), append ledger entries last, and commit once.
 */
export interface PaymentTx {
  /** When this dbTx began, by the database's clock. */
  readonly nowMs: number;
  /** Intents with attempts, active allocations and open discrepancies, locked in (book, id) order. */
  lockIntents(keys: readonly IntentKey[]): Promise<readonly IntentRecord[]>;
  /** Writes status, sequence, payer, failure reason, invoice number and times. */
  saveIntents(intents: readonly IntentRecord[]): Promise<void>;
  /**
   * Writes the state of attempts whose stored epoch and status are still those of `previous`; returns how many rows
   * that was, so a process that lost its lease learns it and sends nothing.
   */
  saveAttempts(changes: readonly { previous: AttemptRecord; next: AttemptRecord }[]): Promise<number>;
  /** Frees the replay keys of attempts that failed before anything was sent. */
  releaseReplayKeys(keys: readonly AttemptKey[]): Promise<void>;
  /** Draws the next nonce of a gas signer; its row stays locked until this dbTx ends. */
  drawGasNonce(signer: GasSignerName): Promise<GasNonce>;
  saveAnswers(answers: readonly StoredAnswer[]): Promise<void>;
  /** Deletes stored answers, of attempts that were proved failed. */
  deleteAnswers(keys: readonly AttemptKey[]): Promise<void>;
  insertAllocations(allocations: readonly AllocationRecord[]): Promise<void>;
  reverseAllocations(keys: readonly { bookId: number; allocationId: string }[]): Promise<void>;
  /** Opens those that are not open yet and returns them. */
  openDiscrepancies(drafts: readonly DiscrepancyDraft[]): Promise<readonly DiscrepancyDraft[]>;
  /** Closes open records of a kind and subject, with the resolution. */
  closeDiscrepancies(
    keys: readonly { bookId: number; kind: DiscrepancyDraft['kind']; subjectId: string }[],
    resolution: string,
  ): Promise<void>;
  /** Draws `count` gap-free numbers per book and year; returns the first of each. */
  drawInvoiceNumbers(
    wanted: readonly { bookId: number; year: number; count: number }[],
  ): Promise<readonly { bookId: number; year: number; firstNo: number }[]>;
  /** Locks the heads of the books (in order), numbers, hashes and writes the entries. */
  appendEntries(drafts: readonly { bookId: number; entry: EntryDraft }[]): Promise<void>;
  /** Counts what no entry tells: attempts that failed. Entries are counted where they are appended. */
  addRollups(changes: readonly RollupChange[]): Promise<void>;
  /** Writes events, bodies, deliveries and outbox rows. */
  addEvents(events: readonly EventDraft[]): Promise<void>;
}
