import type { BookedMovement, EntryForHash, SealedAllocation, SealedTransfer } from '@tollbook/domain';
import type { EventDraft } from './records.js';

export type WalletMovement = {
  readonly bookId: number;
  readonly network: string;
  readonly walletId: string;
  readonly wallet: string;
  readonly assetId: number;
  readonly contract: string;
  /** The first block whose transfers of this token are recorded. */
  readonly watchFromBlock: bigint;
  readonly openingAtomic: bigint;
  readonly inAtomic: bigint;
  readonly outAtomic: bigint;
};

export type WalletAssetKey = { readonly bookId: number; readonly walletId: string; readonly assetId: number };

/** What the newest kept proof of a wallet's token found. */
export type LastDifference = WalletAssetKey & { readonly differenceAtomic: bigint };

export type BooksProofRecord = WalletMovement & {
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly closingAtomic: bigint;
  readonly onChainAtomic: bigint;
  readonly differenceAtomic: bigint;
};

/** The rows that an allocation's entry was made from, as they stand now. */
export type EntryCause = { readonly transfer: SealedTransfer; readonly allocation: SealedAllocation };

export type LedgerEntryRecord = {
  readonly entry: EntryForHash;
  /** The hash that it was stored with. */
  readonly chainHash: Uint8Array;
  /** Null where no allocation caused it, and where the one that did is gone. */
  readonly cause: EntryCause | null;
};

/** Reads the ledger for proofs. `bookId` null means every book (the worker's and the command's view). */
export interface BooksStore {
  /**
   * Sums over entries with a block at or below `blockNumber`, one row per watched wallet and asset. What entries below
   * `fromNumber` left is opening; without it, only what a wallet held before it was watched.
   */
  movements(
    bookId: number | null,
    network: string,
    blockNumber: bigint,
    fromNumber: bigint | null,
  ): Promise<readonly WalletMovement[]>;
  /**
   * Ranges of blocks, oldest first, in which the difference of a wallet's token changed: between kept proofs, compared
   * with what the books say of their blocks now, and up to `blockNumber` with its difference. All blocks that are watched
   * where no proof was kept.
   */
  differingSpans(
    key: WalletAssetKey,
    blockNumber: bigint,
    differenceAtomic: bigint,
  ): Promise<readonly { readonly fromNumber: bigint; readonly toNumber: bigint }[]>;
  /** What is recorded and booked of a wallet's token in a range of blocks. */
  bookedMovements(key: WalletAssetKey, fromNumber: bigint, toNumber: bigint): Promise<readonly BookedMovement[]>;
  /**
   * Keeps proofs; `tell` gets what each wallet's last kept proof found, and what it returns is told in the same dbTx.
   * Returns how many events that are.
   */
  saveProofs(
    proofs: readonly BooksProofRecord[],
    tell?: (before: readonly LastDifference[]) => readonly EventDraft[],
  ): Promise<number>;
  bookIds(): Promise<readonly number[]>;
  /** Entries above `afterSeq` in order. */
  entriesAfter(bookId: number, afterSeq: bigint, limit: number): Promise<readonly LedgerEntryRecord[]>;
  /** Where the book says that its chain ends, and the last entry there is, both at one moment; null before the first. */
  ledgerHead(
    bookId: number,
  ): Promise<{ readonly entrySeq: bigint; readonly chainHash: Uint8Array; readonly lastEntrySeq: bigint } | null>;
  /** Intents whose stored status, or allocations whose amounts, contradict the rules; empty when all is well. */
  contradictions(
    limit: number,
  ): Promise<readonly { readonly what: string; readonly bookId: number; readonly id: string }[]>;
  /** Sums that differ from the rows that they sum, by the bucket's key; at most `limit` of each kind. */
  differingSums(
    limit: number,
  ): Promise<readonly { readonly what: string; readonly bookId: number; readonly id: string }[]>;
  /**
   * Makes all sums anew from the rows that they sum, in one dbTx: readers see the old ones until its end, and who books
   * waits for it. Throws when they differ afterwards, and changes nothing then.
   */
  rebuildRollups(): Promise<{
    /** Buckets that differed before, at most a thousand of each kind. */
    readonly differed: readonly { readonly what: string; readonly bookId: number; readonly id: string }[];
    readonly tables: readonly { readonly table: string; readonly rows: number }[];
  }>;
}
