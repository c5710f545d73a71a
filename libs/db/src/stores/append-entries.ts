import {
  type Account,
  accountCode,
  accountKind,
  assert,
  type EntryDraft,
  entryForHash,
  entryHash,
} from '@tollbook/domain';
import { toDbAccountOwner } from '../mapping/account.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { sha256 } from '../sha256.js';
import { insertEntries, type LedgerHead, type PlacedEntry } from '../statements/insert-entries.js';
import { insertAccounts, selectAccounts, type WantedAccount } from '../statements/ledger-accounts.js';
import { lockLedgerHeads } from '../statements/lock-ledger-heads.js';

export type BookedDraft = { readonly bookId: number; readonly entry: EntryDraft };

/**
 * Posts entries in the order given: accounts made at first use, the heads of the books locked in order, numbers and
 * chain of hashes continued from them. Three statements, two more at an account's first use, two more at a book's
 * first entry. A cause that posted this kind before is a unique violation: a bug, not an answer. Resolves to the entries
 * with their places.
 */
export async function appendEntries(
  session: Session,
  networks: NetworkIds,
  drafts: readonly BookedDraft[],
): Promise<readonly PlacedEntry[]> {
  if (drafts.length === 0) return [];
  const accountIdOf = await findAccounts(session, drafts);
  const bookIds = [...new Set(drafts.map((draft) => draft.bookId))].sort((a, b) => a - b);
  const heads = await lockLedgerHeads(session, bookIds);
  const ends = new Map<number, LedgerHead>(
    heads.map((head) => [head.book_id, { bookId: head.book_id, entrySeq: head.entry_seq, chainHash: head.chain_hash }]),
  );
  const entries = drafts.map((draft) => {
    const placed = place(draft, ends.get(draft.bookId), accountIdOf);
    ends.set(draft.bookId, placed);
    return placed;
  });
  await insertEntries(session, entries, [...ends.values()], networks);
  return entries;
}

function place(
  { bookId, entry }: BookedDraft,
  end: LedgerHead | undefined,
  accountIdOf: (bookId: number, account: Account) => number,
): PlacedEntry {
  assert(end !== undefined, 'every book that posts has a head');
  const entrySeq = end.entrySeq + 1n;
  return {
    ...entry,
    bookId,
    entrySeq,
    chainHash: entryHash(end.chainHash, entryForHash(entry, entrySeq), sha256),
    postings: entry.postings.map(({ debit, credit, assetId, amountAtomic }) => ({
      debitAccountId: accountIdOf(bookId, debit),
      creditAccountId: accountIdOf(bookId, credit),
      assetId,
      amountAtomic,
    })),
  };
}

async function findAccounts(session: Session, drafts: readonly BookedDraft[]) {
  const wanted = new Map<string, WantedAccount>();
  for (const { bookId, entry } of drafts) {
    for (const account of entry.postings.flatMap((posting) => [posting.debit, posting.credit])) {
      const code = accountCode(account);
      wanted.set(keyOf(bookId, code), { bookId, code, kind: accountKind(account), ...toDbAccountOwner(account) });
    }
  }
  const all = [...wanted.values()];
  let rows = await selectAccounts(session, all);
  if (rows.length < all.length) {
    const known = new Set(rows.map((row) => keyOf(row.book_id, row.code)));
    const missing = all.filter((account) => !known.has(keyOf(account.bookId, account.code)));
    await insertAccounts(session, missing);
    rows = [...rows, ...(await selectAccounts(session, missing))];
  }
  const ids = new Map(rows.map((row) => [keyOf(row.book_id, row.code), row.account_id]));
  return (bookId: number, account: Account): number => {
    const id = ids.get(keyOf(bookId, accountCode(account)));
    assert(id !== undefined, 'every account of an entry was found or made');
    return id;
  };
}

function keyOf(bookId: number, code: string): string {
  return `${bookId} ${code}`;
}
