import { assert } from '../assert.js';
import { hexOf, type Sha256, utf8Bytes } from '../hash.js';
import type { AllocationBucket } from '../payment/allocation.js';
import { type Account, accountCode } from './account.js';

/** One movement of money between two accounts: balanced by construction. */
export type Posting = {
  readonly debit: Account;
  readonly credit: Account;
  readonly assetId: number;
  readonly amountAtomic: bigint;
};

export type EntryKind =
  | `${AllocationBucket}_confirmed`
  | `${AllocationBucket}_final`
  | `${AllocationBucket}_confirmed_reversed`
  | `${AllocationBucket}_final_reversed`
  | 'opening'
  | 'loss'
  | 'adjustment';

/** An entry before it has a place in its book. One cause and kind post once, so a replay posts nothing (I29). */
export type EntryDraft = {
  readonly kind: EntryKind;
  readonly causeKind: 'allocation' | 'wallet_asset' | 'attempt' | 'audit';
  readonly causeId: string;
  readonly intentId: string | null;
  readonly network: string | null;
  readonly blockNumber: bigint | null;
  readonly effectiveAtUnixSeconds: number;
  /** The accounting day, frozen in the book's zone, as `2026-11-20`. */
  readonly localDay: string;
  /** Of the transfer and the allocation that cause it (`factsHash`); null for an entry that has none. */
  readonly factsHash: Uint8Array | null;
  readonly postings: readonly Posting[];
};

/** The fields of an entry and its postings that its hash covers, as the database holds them. */
export type EntryForHash = {
  readonly entrySeq: bigint;
  readonly kind: string;
  readonly causeKind: string;
  readonly causeId: string;
  readonly intentId: string | null;
  readonly network: string | null;
  readonly blockNumber: bigint | null;
  readonly effectiveAtUnixSeconds: number;
  readonly localDay: string;
  /** Null also for entries that are older than it. */
  readonly factsHash: Uint8Array | null;
  readonly postings: readonly {
    readonly debitCode: string;
    readonly creditCode: string;
    readonly assetId: number;
    readonly amountAtomic: bigint;
  }[];
};

/** An entry's text with its place and account codes: what the chain of hashes covers. */
export function entryForHash(draft: EntryDraft, entrySeq: bigint): EntryForHash {
  assert(draft.postings.length > 0, 'an entry moves money');
  const { postings, ...rest } = draft;
  return {
    ...rest,
    entrySeq,
    postings: postings.map((posting) => ({
      debitCode: accountCode(posting.debit),
      creditCode: accountCode(posting.credit),
      assetId: posting.assetId,
      amountAtomic: posting.amountAtomic,
    })),
  };
}

/** Links an entry to the one before it: SHA-256 over the previous hash and the entry's canonical text. */
export function entryHash(previousHash: Uint8Array, entry: EntryForHash, sha256: Sha256): Uint8Array {
  return sha256(previousHash, utf8Bytes(canonicalText(entry)));
}

/** The hash before the first entry of a book. */
export const firstChainHash: Uint8Array = new Uint8Array(32);

function canonicalText(entry: EntryForHash): string {
  const fields = [
    entry.entrySeq,
    entry.kind,
    entry.causeKind,
    entry.causeId,
    entry.intentId ?? '',
    entry.network ?? '',
    entry.blockNumber ?? '',
    entry.effectiveAtUnixSeconds,
    entry.localDay,
    ...entry.postings.flatMap((p) => [p.debitCode, p.creditCode, p.assetId, p.amountAtomic]),
    // A posting has four fields, so one more at the end can be nothing else.
    ...(entry.factsHash === null ? [] : [hexOf(entry.factsHash)]),
  ];
  return joinFields(fields);
}

/** One line of text that no other list of fields has; a missing value is empty. */
export function joinFields(fields: readonly (string | number | bigint | null)[]): string {
  return fields.map((field) => escapeField(field === null ? '' : String(field))).join('|');
}

/** Account labels are people's text: a separator in one must not read as two fields. */
function escapeField(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\p');
}
