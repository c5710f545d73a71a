import type { BlockHeader, ChainCheckKind, EntryDraft, Network, Transfer } from '@tollbook/domain';
import type { PaymentTx } from './payment-tx.js';
import type {
  AllocationRecord,
  AttemptRecord,
  BookRecord,
  HandLinkRecord,
  IntentKey,
  NamedByAmount,
  RefundRecord,
  TransferRecord,
} from './records.js';

/** A named right to write, with a number that rises with each holder: a stale holder's commit fails. */
export type Lease = { readonly name: string; readonly holder: string; readonly fence: bigint };

export type BlockPoint = { readonly number: bigint; readonly hash: string };

export type CursorRecord = {
  readonly network: string;
  readonly head: BlockPoint;
  /** Up to where transfers are reconciled as confirmed, and as final. */
  readonly confirmed: BlockPoint;
  readonly final: BlockPoint;
  readonly frozenReason: string | null;
};

export type WatchedWallet = {
  readonly bookId: number;
  readonly walletId: string;
  readonly address: string;
  readonly assetId: number;
  readonly contract: string;
  readonly watchFromBlock: bigint;
  /** From where on its blocks are read without a gap; above `watchFromBlock` while older ones are still read. */
  readonly coveredFromBlock: bigint;
};

/** Blocks that are not read yet for a token of a wallet that was added after them. */
export type CoverageGap = Omit<WatchedWallet, 'watchFromBlock' | 'coveredFromBlock'> & {
  readonly fromNumber: bigint;
  readonly toNumber: bigint;
};

/** How many transfers, and when the last of them turned up. */
export type CheckFinding = { readonly count: number; readonly atMs: number | null };

/** How far a network was read a second time, and what that found since the beginning. */
export type ChainCheckRecord = {
  readonly network: string;
  readonly kind: ChainCheckKind;
  readonly through: BlockPoint;
  readonly isOtherNode: boolean;
  readonly checkedAtMs: number;
  /** Not shown by the first reading, and booked then. */
  readonly found: CheckFinding;
  /** On the chain, and left out by the second reading. */
  readonly leftOut: CheckFinding;
  /** In the books, and not on the chain. */
  readonly ghosts: CheckFinding;
};

/** A dbTx of the worker, over all books, under a lease. */
export interface ChainTx extends PaymentTx {
  readonly lease: Lease;
  books(bookIds: readonly number[]): Promise<readonly BookRecord[]>;
  /**
   * Writes transfers, one row per book a transfer touches; clears `orphaned_at` where the chain returned to the very
   * block. Returns only rows that are new or returned.
   */
  insertTransfers(
    transfers: readonly Transfer[],
    wallets: readonly WatchedWallet[],
  ): Promise<readonly TransferRecord[]>;
  saveHeaders(network: string, headers: readonly BlockHeader[], keepFromNumber: bigint): Promise<void>;
  deleteHeadersAbove(network: string, number: bigint): Promise<void>;
  /** The wallets of a network as they stand now, inside this dbTx. */
  watchedWallets(network: string): Promise<readonly WatchedWallet[]>;
  /** Creates the network's cursor at its first scan. */
  createCursor(cursor: CursorRecord): Promise<void>;
  /** Throws `LeaseLost` when the cursor's fence is above this lease's. */
  saveCursor(cursor: CursorRecord): Promise<void>;
  saveChainCheck(check: ChainCheckRecord): Promise<void>;
  /** Says that a gap is read up to a block of it. */
  coverThrough(gap: CoverageGap, toNumber: bigint): Promise<void>;
  /** Not orphaned, by block, book and position; at most `limit` rows beyond `after`. */
  transfersBetween(
    network: string,
    fromNumber: bigint,
    toNumber: bigint,
    after: TransferRecord | null,
    limit: number,
  ): Promise<readonly TransferRecord[]>;
  orphanTransfersAbove(network: string, number: bigint): Promise<readonly TransferRecord[]>;
  /** Marks these orphaned; returns those that were not before. */
  orphanTransfers(
    transfers: readonly { readonly bookId: number; readonly transferId: string }[],
  ): Promise<readonly TransferRecord[]>;
  /** Attempts named by the replay keys, or by the transaction hashes, of transfers. */
  attemptsOfTransfers(
    transfers: readonly TransferRecord[],
  ): Promise<
    readonly { readonly transferId: string; readonly matchedBy: 'nonce' | 'tx_hash'; readonly attempt: AttemptRecord }[]
  >;
  /** Intents that were promised the amounts of transfers, at the wallets that these came to (B2). */
  intentsByAmount(transfers: readonly TransferRecord[]): Promise<readonly NamedByAmount[]>;
  /** Refunds that wait for a transfer of the very amount, to the very address of each of these, oldest first. */
  waitingRefunds(
    transfers: readonly TransferRecord[],
  ): Promise<readonly { readonly transferId: string; readonly refund: RefundRecord }[]>;
  /** Every refund of intents, oldest first. */
  refundsOf(keys: readonly IntentKey[]): Promise<readonly RefundRecord[]>;
  /** The refunds that transfers carry out. */
  refundsOfTransfers(transfers: readonly TransferRecord[]): Promise<readonly RefundRecord[]>;
  saveRefunds(refunds: readonly RefundRecord[]): Promise<void>;
  /** Those of outgoing transfers whose recipient had sent us the same token before, by the chain. */
  transfersToPayers(transfers: readonly TransferRecord[]): Promise<readonly string[]>;
  /** How small a difference opens nothing, of the books and assets where that was set. */
  tolerances(
    bookIds: readonly number[],
  ): Promise<readonly { readonly bookId: number; readonly assetId: number; readonly amountAtomic: bigint }[]>;
  /** Marks an order as carried out, or as refused for a reason. */
  finishHandLink(order: HandLinkRecord, refusal: string | null): Promise<void>;
  /** Active allocations of transfers. */
  allocationsOf(transfers: readonly TransferRecord[]): Promise<readonly AllocationRecord[]>;
  /** Entries that allocations caused and that are not reversed yet, as they were drafted. */
  entriesOf(
    allocations: readonly { bookId: number; allocationId: string }[],
  ): Promise<readonly { readonly bookId: number; readonly entry: EntryDraft }[]>;
}

/** The worker's side of the database. */
export interface ChainStore {
  networks(): Promise<readonly Network[]>;
  cursor(network: string): Promise<CursorRecord | null>;
  watchedWallets(network: string): Promise<readonly WatchedWallet[]>;
  /** Stored headers from a height upwards, newest first. */
  headersFrom(network: string, fromNumber: bigint): Promise<readonly BlockHeader[]>;
  coverageGaps(network: string): Promise<readonly CoverageGap[]>;
  chainChecks(network: string): Promise<readonly ChainCheckRecord[]>;
  /** Nonces of authorizations that were taken and whose transfers are not booked yet, at most `limit`. */
  openNonces(network: string, limit: number): Promise<readonly string[]>;
  /** The time of the last block read, per network that has a cursor. */
  chainTimes(): Promise<readonly { readonly network: string; readonly timeUnixSeconds: number }[]>;
  /** Takes or renews a lease; null while another holder's is running. */
  takeLease(name: string, holder: string, durationMs: number): Promise<Lease | null>;
  releaseLease(lease: Lease): Promise<void>;
  /** One dbTx that commits only if the lease is still ours. */
  underLease<T>(lease: Lease, work: (tx: ChainTx) => Promise<T>): Promise<T>;
}
