import { changedFacts, differencesFromCause, entryHash, equalBytes, factsHash, firstChainHash } from '@tollbook/domain';
import type { BooksStore, LedgerEntryRecord } from './ports/books-store.js';
import type { Crypto } from './ports/crypto.js';

const pageSize = 1_000;
/** Enough to see what kind of damage it is. */
const findingsMax = 20;

/**
 * One row that is not what was booked. `gap`: an entry is missing. `hash`: an entry or a posting of it was changed.
 * `cause`: the transfer or the allocation behind an entry was changed or is gone. `head`: the book ends elsewhere than
 * its head says.
 */
export type LedgerFinding = {
  readonly entrySeq: bigint;
  readonly what: 'gap' | 'hash' | 'cause' | 'head';
  /** The row, as `<table> <key>`; a posting's key is its entry and leg. */
  readonly row: string;
  /** What differs, where other rows repeat it; else what may. */
  readonly differs: string;
};

export type LedgerVerdict =
  | { readonly kind: 'intact'; readonly entries: bigint }
  /** In the order of the entries, twenty at most. */
  | { readonly kind: 'broken'; readonly entries: bigint; readonly findings: readonly LedgerFinding[] };

/**
 * Walks a book's entries from the first to its head, recomputes every link and compares each with the rows that caused
 * it, so that any change of any of them is found and named. Behind a damaged entry the walk goes on. Entries that are
 * appended meanwhile lie beyond the head that was read first, and are left to the next walk.
 */
export async function verifyLedger(books: BooksStore, crypto: Crypto, bookId: number): Promise<LedgerVerdict> {
  const head = await books.ledgerHead(bookId);
  if (head === null) return { kind: 'intact', entries: 0n };
  const findings: LedgerFinding[] = [];
  const end = head.entrySeq > head.lastEntrySeq ? head.entrySeq : head.lastEntrySeq;
  let link: Link = { stored: firstChainHash, computed: firstChainHash };
  let seq = 0n;
  while (seq < end && findings.length < findingsMax) {
    const page = (await books.entriesAfter(bookId, seq, pageSize)).filter(({ entry }) => entry.entrySeq <= end);
    if (page.length === 0) {
      findings.push(gap(seq + 1n, end));
      break;
    }
    for (const record of page) {
      const { entrySeq } = record.entry;
      const isNext = entrySeq === seq + 1n;
      if (!isNext) findings.push(gap(seq + 1n, entrySeq - 1n));
      const computed = computedLink(link, record, crypto);
      const isLinked = !isNext || computed.some((hash) => equalBytes(hash, record.chainHash));
      if (!isLinked) findings.push(brokenEntry(record));
      else findings.push(...brokenCause(record, crypto));
      link = { stored: record.chainHash, computed: computed[0] ?? record.chainHash };
      seq = entrySeq;
    }
  }
  const isEnd = [link.stored, link.computed].some((hash) => equalBytes(hash, head.chainHash));
  if (head.entrySeq !== head.lastEntrySeq || !isEnd) {
    const differs =
      head.entrySeq === head.lastEntrySeq
        ? 'chain_hash is not that of the last entry'
        : `entry_seq is ${head.entrySeq}, the last entry is ${head.lastEntrySeq}`;
    if (findings.length < findingsMax) {
      findings.push({ entrySeq: head.lastEntrySeq, what: 'head', row: `ledger_heads ${bookId}`, differs });
    }
  }
  const entries = head.lastEntrySeq;
  return findings.length === 0
    ? { kind: 'intact', entries }
    : { kind: 'broken', entries, findings: findings.slice(0, findingsMax) };
}

/** The hash that an entry has and the one that it should have: what follows fits one of them, whichever was changed. */
type Link = { readonly stored: Uint8Array; readonly computed: Uint8Array };

function computedLink(link: Link, { entry }: LedgerEntryRecord, { sha256 }: Crypto): Uint8Array[] {
  const fromStored = entryHash(link.stored, entry, sha256);
  return equalBytes(link.stored, link.computed) ? [fromStored] : [fromStored, entryHash(link.computed, entry, sha256)];
}

function gap(fromSeq: bigint, toSeq: bigint): LedgerFinding {
  const differs = fromSeq === toSeq ? 'is missing' : `and up to ${toSeq} are missing`;
  return { entrySeq: fromSeq, what: 'gap', row: `ledger_entries ${fromSeq}`, differs };
}

function brokenEntry({ entry, cause }: LedgerEntryRecord): LedgerFinding {
  const { entrySeq, postings } = entry;
  const known = cause === null ? [] : differencesFromCause(entry, cause);
  const [first] = known;
  if (postings.length === 0) {
    return { entrySeq, what: 'hash', row: `ledger_entries ${entrySeq}`, differs: 'its postings are missing' };
  }
  const isPosting = first !== undefined && first.leg !== null;
  const row = isPosting ? `ledger_postings ${entrySeq}/${first.leg}` : `ledger_entries ${entrySeq}`;
  const differs =
    known.length > 0
      ? known.map(({ text }) => text).join('; ')
      : 'a field that no other row repeats: its kind, cause, day, an account, the number of its postings or its hash';
  return { entrySeq, what: 'hash', row, differs };
}

/** The entry is what was booked; what it was booked from may have been changed since. */
function brokenCause({ entry, cause }: LedgerEntryRecord, { sha256 }: Crypto): LedgerFinding[] {
  const { entrySeq, factsHash: sealed } = entry;
  if (cause === null) {
    if (sealed === null) return [];
    const row = `allocations ${entry.causeId}`;
    return [{ entrySeq, what: 'cause', row, differs: 'it, or its transfer, is missing' }];
  }
  const known = differencesFromCause(entry, cause).map(({ text }) => text);
  const { transfer, allocation } = cause;
  const rows = { transfer: `transfers ${transfer.transferId}`, allocation: `allocations ${allocation.allocationId}` };
  if (sealed === null) {
    return known.length === 0 ? [] : [{ entrySeq, what: 'cause', row: rows.allocation, differs: known.join('; ') }];
  }
  const changed = changedFacts(sealed, factsHash(transfer, allocation, sha256));
  const told = (whose: 'transfer' | 'allocation', others: string): LedgerFinding => {
    const own = known.filter((text) => text.includes(`its ${whose} says`));
    return { entrySeq, what: 'cause', row: rows[whose], differs: own.length > 0 ? own.join('; ') : others };
  };
  return [
    ...(changed.isTransferChanged
      ? [told('transfer', 'its amount, block hash, transaction, position, sender, recipient, wallets or replay key')]
      : []),
    ...(changed.isAllocationChanged ? [told('allocation', 'its transfer, leg, way of matching or actor')] : []),
    ...(!changed.isTransferChanged && !changed.isAllocationChanged && known.length > 0
      ? [{ entrySeq, what: 'cause' as const, row: `ledger_entries ${entrySeq}`, differs: known.join('; ') }]
      : []),
  ];
}
