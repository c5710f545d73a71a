import type { Session } from '../session.js';
import type { PlacedEntry } from './insert-entries.js';
import { savePayerRollups, selectPayerChanges } from './save-payer-rollups.js';

const accounts = {
  name: 'save_rollup_accounts',
  text: `insert into rollup_accounts as t (book_id, day, account_id, asset_id, debit_atomic, credit_atomic)
    select u.book_id, u.day, u.account_id, u.asset_id, sum(u.debit_atomic), sum(u.credit_atomic)
    from unnest($1::integer[], $2::date[], $3::integer[], $4::integer[], $5::numeric[], $6::numeric[])
      as u (book_id, day, account_id, asset_id, debit_atomic, credit_atomic)
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (book_id, day, account_id, asset_id) do update
    set debit_atomic = t.debit_atomic + excluded.debit_atomic, credit_atomic = t.credit_atomic + excluded.credit_atomic`,
};

/** Entries that a payer's sum is made of, and what each adds to it. */
const payerSigns: Readonly<Record<string, { readonly sign: bigint; readonly count: number }>> = {
  payment_confirmed: { sign: 1n, count: 1 },
  payment_confirmed_reversed: { sign: -1n, count: -1 },
  partial_confirmed: { sign: 1n, count: 0 },
  partial_confirmed_reversed: { sign: -1n, count: 0 },
};

/** Adds what entries moved to the sums of accounts and of payers; those who posted them hold the heads of their books. */
export async function saveAccountRollups(session: Session, entries: readonly PlacedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const sides = entries.flatMap(({ bookId, localDay, postings }) =>
    postings.flatMap(({ debitAccountId, creditAccountId, assetId, amountAtomic }) => {
      const row = { bookId, localDay, assetId };
      return [
        { ...row, accountId: debitAccountId, debitAtomic: amountAtomic, creditAtomic: 0n },
        { ...row, accountId: creditAccountId, debitAtomic: 0n, creditAtomic: amountAtomic },
      ];
    }),
  );
  await session.run(accounts, [
    sides.map((side) => side.bookId),
    sides.map((side) => side.localDay),
    sides.map((side) => side.accountId),
    sides.map((side) => side.assetId),
    sides.map((side) => side.debitAtomic),
    sides.map((side) => side.creditAtomic),
  ]);
  const paid = entries.flatMap((entry) => {
    const part = payerSigns[entry.kind];
    const [posting] = entry.postings;
    return part && posting ? [{ ...entry, count: part.count, amountAtomic: part.sign * posting.amountAtomic }] : [];
  });
  if (paid.length === 0) return;
  await savePayerRollups(session, await selectPayerChanges(session, paid));
}
