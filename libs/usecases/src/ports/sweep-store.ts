import type { AttemptKey, AttemptRecord, HandLinkRecord, IntentKey, TransferRecord } from './records.js';

/** A transaction of ours that took the place of a stuck one, at the same gas nonce. */
export type GasReplacement = AttemptKey & {
  /** From 1; the attempt's own transaction came before. */
  readonly number: number;
  readonly txHash: string;
  readonly signedTx: Uint8Array;
  readonly madeAtMs: number;
};

/** What is due, told by rows: the queue may forget, these lists do not. Each is bounded by `limit`. */
export interface SweepStore {
  /** Claimed or verified, lease lapsed, nothing sent (T3). */
  lapsedClaims(limit: number): Promise<readonly AttemptRecord[]>;
  /** Submitting, lease lapsed (T6). */
  lapsedSubmissions(limit: number): Promise<readonly AttemptRecord[]>;
  /** Submitted, sent longer ago than `olderThanMs`, no transfer matched (T7). */
  unseenSubmissions(olderThanMs: number, limit: number): Promise<readonly AttemptRecord[]>;
  /** Submitting, submitted or unknown with a signed transaction of ours, not sent again within `olderThanMs`. */
  rebroadcastable(olderThanMs: number, limit: number): Promise<readonly AttemptRecord[]>;
  /** The address of a gas signer, lower-case. */
  gasSignerAddress(gasSignerId: number): Promise<string>;
  /** Failed, with a transaction of ours whose gas nonce lies in `[fromNonce, toNonce)`, by nonce. */
  failedWithNonces(
    gasSignerId: number,
    fromNonce: bigint,
    toNonce: bigint,
    limit: number,
  ): Promise<readonly AttemptRecord[]>;
  /** What took the place of these attempts' own transactions, in order. */
  replacements(keys: readonly AttemptKey[]): Promise<readonly GasReplacement[]>;
  /** Written before it is sent; false where that number is there already. */
  addReplacement(replacement: Omit<GasReplacement, 'madeAtMs'>): Promise<boolean>;
  /** Unknown (or unseen) whose `check_at` has come. */
  dueChecks(limit: number): Promise<readonly AttemptRecord[]>;
  /** Paid (submitted at least) `olderThanMs` ago, `served_at` null, no open `paid_not_served` record. */
  paidNotServed(olderThanMs: number, limit: number): Promise<readonly AttemptRecord[]>;
  /** Paid `olderThanMs` ago by a transfer, no attempt alive that fetches it, no open `paid_not_served` record. */
  notFetched(olderThanMs: number, limit: number): Promise<readonly IntentKey[]>;
  /** Served `olderThanMs` ago, not confirmed, no open `served_not_paid` record. */
  servedNotPaid(olderThanMs: number, limit: number): Promise<readonly AttemptRecord[]>;
  /** Booked as unmatched, but by key, wallet and amount the payment of an attempt that was sent since. */
  strandedTransfers(limit: number): Promise<readonly TransferRecord[]>;
  /** Outgoing transfers that no refund was found for, and that one fits which waits. */
  sweptRefunds(limit: number): Promise<readonly TransferRecord[]>;
  /** What people decided about unmatched money and nobody has carried out yet, oldest first. */
  pendingHandLinks(limit: number): Promise<readonly HandLinkRecord[]>;
  /** Open or failed-by-interruption intents whose `expires_at` lies before `beforeMs`. */
  overdueIntents(beforeMs: number, limit: number): Promise<readonly IntentKey[]>;
  /** Moves `check_at` of an attempt that is still undecided. */
  postponeCheck(key: AttemptKey, checkAtMs: number): Promise<void>;
  /** Records that our signed transaction was sent again. */
  markResent(keys: readonly AttemptKey[]): Promise<void>;
  /** Deletes up to `limit` outbox rows in order and gives their events positions in the feed; returns how many. */
  relayOutbox(limit: number): Promise<number>;
  /** Adds up to `limit` counts that the api appended to the sums; returns how many. */
  foldRollups(limit: number): Promise<number>;
  /** Forgets sums by hour that are older than the two weeks they are kept. */
  pruneRollupHours(): Promise<void>;
  /** The database's clock, unix milliseconds. */
  nowMs(): Promise<number>;
}
