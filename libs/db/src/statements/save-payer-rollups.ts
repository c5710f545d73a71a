import type { Session } from '../session.js';

/** What a payer's sum of a day changes by; the address is that which the money came from, no claim can say otherwise. */
export type PayerChangeRow = {
  readonly book_id: number;
  readonly day: string;
  readonly payer: Buffer;
  readonly network_id: number;
  readonly asset_id: number;
  readonly count: bigint;
  readonly amount_atomic: string;
};

/** Of an allocation that an entry moved. */
export type PaidAllocation = {
  readonly bookId: number;
  readonly localDay: string;
  readonly causeId: string;
  readonly count: number;
  readonly amountAtomic: bigint;
};

type RecencyRow = {
  readonly book_id: number;
  readonly day: string;
  readonly previous_day: string;
  readonly payers: bigint;
};

const changesOf = {
  name: 'select_payer_changes',
  text: `select u.book_id, u.day, tr.from_address as payer, tr.network_id, tr.asset_id, sum(u.count)::bigint as count,
      sum(u.amount_atomic) as amount_atomic
    from unnest($1::integer[], $2::date[], $3::uuid[], $4::bigint[], $5::numeric[])
      as u (book_id, day, allocation_id, count, amount_atomic)
    join allocations al on al.book_id = u.book_id and al.allocation_id = u.allocation_id
    join transfers tr on tr.book_id = al.book_id and tr.transfer_id = al.transfer_id
    group by 1, 2, 3, 4, 5`,
};

const payers = {
  name: 'save_rollup_payers',
  text: `insert into rollup_payers as t (book_id, day, payer, network_id, asset_id, count, amount_atomic)
    select u.* from unnest($1::integer[], $2::date[], $3::bytea[], $4::smallint[], $5::integer[], $6::bigint[],
        $7::numeric[])
      as u (book_id, day, payer, network_id, asset_id, count, amount_atomic)
    order by 1, 2, 3, 4, 5
    on conflict (book_id, day, payer, network_id, asset_id)
    do update set count = t.count + excluded.count, amount_atomic = t.amount_atomic + excluded.amount_atomic`,
};

/** A payer's days from the first that changes to the one after the last: only these can follow another day than before. */
const recencyOf = {
  name: 'select_recency_of_payers',
  text: `with touched as materialized (
      select u.book_id, u.payer, min(u.day) as first_day, max(u.day) as last_day
      from unnest($1::integer[], $2::date[], $3::bytea[]) as u (book_id, day, payer) group by 1, 2
    )
    select t.book_id, paid.day, previous.day as previous_day, count(*) as payers
    from touched t
    cross join lateral (
      select min(n.day) as day from rollup_payers n
      where n.book_id = t.book_id and n.payer = t.payer and n.day > t.last_day and n.amount_atomic > 0
    ) next
    cross join lateral (
      select distinct p.day from rollup_payers p
      where p.book_id = t.book_id and p.payer = t.payer and p.amount_atomic > 0
        and p.day >= t.first_day and p.day <= coalesce(next.day, t.last_day)
    ) paid
    cross join lateral (
      select coalesce(max(b.day), '-infinity') as day from rollup_payers b
      where b.book_id = t.book_id and b.payer = t.payer and b.day < paid.day and b.amount_atomic > 0
    ) previous
    group by 1, 2, 3`,
};

const recency = {
  name: 'save_rollup_recency',
  text: `insert into rollup_recency as t (book_id, day, previous_day, payers)
    select u.book_id, u.day, u.previous_day, sum(u.payers)
    from unnest($1::integer[], $2::date[], $3::date[], $4::bigint[]) as u (book_id, day, previous_day, payers)
    group by 1, 2, 3 having sum(u.payers) <> 0 order by 1, 2, 3
    on conflict (book_id, day, previous_day) do update set payers = t.payers + excluded.payers`,
};

/** The changes that allocations bring to the sums of those who paid them. */
export async function selectPayerChanges(session: Session, paid: readonly PaidAllocation[]): Promise<PayerChangeRow[]> {
  const { rows } = await session.run<PayerChangeRow>(changesOf, [
    paid.map((each) => each.bookId),
    paid.map((each) => each.localDay),
    paid.map((each) => each.causeId),
    paid.map((each) => each.count),
    paid.map((each) => each.amountAtomic),
  ]);
  return rows;
}

/**
 * Adds changes, at most one a key, to the sums of payers, and with them moves how many payers of a day paid last on
 * which day. The ledger heads of all their books must be locked: that what stood before is what is changed.
 */
export async function savePayerRollups(session: Session, changes: readonly PayerChangeRow[]): Promise<void> {
  const books = changes.map((change) => change.book_id);
  const days = changes.map((change) => change.day);
  const addresses = changes.map((change) => change.payer);
  const before = await session.run<RecencyRow>(recencyOf, [books, days, addresses]);
  await session.run(payers, [
    books,
    days,
    addresses,
    changes.map((change) => change.network_id),
    changes.map((change) => change.asset_id),
    changes.map((change) => change.count),
    changes.map((change) => change.amount_atomic),
  ]);
  const after = await session.run<RecencyRow>(recencyOf, [books, days, addresses]);
  const moves = [...before.rows.map((row) => ({ ...row, payers: -row.payers })), ...after.rows];
  await session.run(recency, [
    moves.map((move) => move.book_id),
    moves.map((move) => move.day),
    moves.map((move) => move.previous_day),
    moves.map((move) => move.payers),
  ]);
}
