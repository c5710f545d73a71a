import type { EntryForHash, SealedAllocation, SealedTransfer } from '@tollbook/domain';

export type WalletMovement = {
  readonly bookId: number;
  readonly network: string;
  readonly walletId: string;
  readonly wallet: string;
  readonly assetId: number;
  readonly contract: string;
  readonly openingAtomic: bigint;
  readonly inAtomic: bigint;
  readonly outAtomic: bigint;
};

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
  /** Sums over entries with a block at or below `blockNumber`, one row per watched wallet and asset. */
  movements(bookId: number | null, network: string, blockNumber: bigint): Promise<readonly WalletMovement[]>;
  saveProofs(proofs: readonly BooksProofRecord[]): Promise<void>;
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
}
