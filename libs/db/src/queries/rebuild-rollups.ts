import type { Session } from '../session.js';
import { rollupChecks } from './rollup-checks.js';
import { accountParts, countedParts, failedParts, payerParts, recencyParts } from './rollup-parts.js';

/** Sums by hour are kept this long. */
const hoursKept = `interval '14 days'`;

const outcome = 'network_id, asset_id, outcome';
const outcomeParts = `select book_id, day, hour, endpoint_id, ${outcome}, count, amount_atomic from (${countedParts}) counted
    union all
    select book_id, day, hour, endpoint_id, ${outcome}, count, amount_atomic from (${failedParts}) failed
    union all
    -- Not folded in yet: the relay adds it when this is over.
    select book_id, day, hour, endpoint_id, ${outcome}, -count, -amount_atomic from rollup_deltas`;
const reasonParts = `select book_id, day, endpoint_id, reason, asset_id, count, amount_atomic from (${failedParts}) failed
    union all
    select book_id, day, endpoint_id, reason, asset_id, -count, -amount_atomic from rollup_deltas where reason is not null`;

/** Writes one table of counts and amounts anew. */
function counts(table: string, keys: string, parts: string, where = 'true'): readonly [string, string] {
  return [
    table,
    `insert into ${table} (${keys}, count, amount_atomic)
     select ${keys}, sum(count), sum(amount_atomic) from (${parts}) parts where ${where} group by ${keys}
     having sum(count) <> 0 or sum(amount_atomic) <> 0`,
  ];
}

/** In the order in which everybody locks them; recency is made from payers. */
const tables: readonly (readonly [table: string, insert: string])[] = [
  counts('rollup_books', `book_id, day, ${outcome}`, outcomeParts),
  counts('rollup_days', `book_id, day, endpoint_id, ${outcome}`, outcomeParts),
  counts('rollup_hours', `book_id, hour, endpoint_id, ${outcome}`, outcomeParts, `hour >= now() - ${hoursKept}`),
  counts('rollup_reasons', 'book_id, day, endpoint_id, reason, asset_id', reasonParts),
  [
    'rollup_accounts',
    `insert into rollup_accounts (book_id, day, account_id, asset_id, debit_atomic, credit_atomic)
     select book_id, day, account_id, asset_id, sum(debit_atomic), sum(credit_atomic) from (${accountParts}) parts
     group by 1, 2, 3, 4`,
  ],
  counts('rollup_payers', 'book_id, day, payer, network_id, asset_id', payerParts),
  [
    'rollup_recency',
    `insert into rollup_recency (book_id, day, previous_day, payers)
     select book_id, day, previous_day, payers from (${recencyParts}) counted`,
  ],
];

const names = tables.map(([table]) => table).join(', ');

/**
 * Begins a dbTx that sees one moment in which nobody is in the middle of writing sums. Who reads them does not wait; who
 * books waits until the end. The locks come before the moment is chosen.
 */
export async function beginRebuilding(session: Session): Promise<void> {
  await session.runTogether(`begin isolation level repeatable read; lock table ${names} in share row exclusive mode`);
}

/** Makes every sum anew from the rows that it sums; the number of rows of each table now. */
export async function rebuildRollups(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const [table, insert] of tables) {
    await session.run({ name: `clear_${table}`, text: `delete from ${table}` });
    const { rowCount } = await session.run({ name: `rebuild_${table}`, text: insert });
    rows.set(table, rowCount ?? 0);
  }
  return rows;
}

/** Sums that differ from the rows that they sum, as `<check> <bucket>`, at most `limit` of each check. */
export async function readDifferingSums(
  session: Session,
  limit: number,
): Promise<{ what: string; book_id: number; id: string }[]> {
  return (await session.run<{ what: string; book_id: number; id: string }>(differing, [limit])).rows;
}

const differing = {
  name: 'read_differing_sums',
  text: Object.entries(rollupChecks)
    .map(([what, text]) => `(select '${what}' as what, book_id, id from (${text}) found order by book_id, id limit $1)`)
    .join('\nunion all\n'),
};
