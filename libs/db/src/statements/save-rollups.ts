import type { RollupChange } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';

/** Stands for no endpoint: a key holds no null. */
export const noEndpoint = '00000000-0000-0000-0000-000000000000';

const bookTotals = {
  name: 'save_rollup_books',
  text: `insert into rollup_books as t (book_id, day, network_id, asset_id, outcome, count, amount_atomic)
    select u.book_id, u.day, u.network_id, u.asset_id, u.outcome, sum(u.count), sum(u.amount_atomic)
    from unnest($1::integer[], $2::date[], $3::smallint[], $4::integer[], $5::text[], $6::bigint[], $7::numeric[])
      as u (book_id, day, network_id, asset_id, outcome, count, amount_atomic)
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (book_id, day, network_id, asset_id, outcome)
    do update set count = t.count + excluded.count, amount_atomic = t.amount_atomic + excluded.amount_atomic`,
};

const dayTotals = {
  name: 'save_rollup_days',
  text: `insert into rollup_days as t (book_id, day, endpoint_id, network_id, asset_id, outcome, count, amount_atomic)
    select u.book_id, u.day, u.endpoint_id, u.network_id, u.asset_id, u.outcome, sum(u.count), sum(u.amount_atomic)
    from unnest($1::integer[], $2::date[], $3::smallint[], $4::integer[], $5::text[], $6::bigint[], $7::numeric[],
        $8::uuid[])
      as u (book_id, day, network_id, asset_id, outcome, count, amount_atomic, endpoint_id)
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (book_id, day, endpoint_id, network_id, asset_id, outcome)
    do update set count = t.count + excluded.count, amount_atomic = t.amount_atomic + excluded.amount_atomic`,
};

const hourTotals = {
  name: 'save_rollup_hours',
  text: `insert into rollup_hours as t (book_id, hour, endpoint_id, network_id, asset_id, outcome, count, amount_atomic)
    select u.book_id, u.hour, u.endpoint_id, u.network_id, u.asset_id, u.outcome, sum(u.count), sum(u.amount_atomic)
    from unnest($1::integer[], $2::timestamptz[], $3::smallint[], $4::integer[], $5::text[], $6::bigint[],
        $7::numeric[], $8::uuid[])
      as u (book_id, hour, network_id, asset_id, outcome, count, amount_atomic, endpoint_id)
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (book_id, hour, endpoint_id, network_id, asset_id, outcome)
    do update set count = t.count + excluded.count, amount_atomic = t.amount_atomic + excluded.amount_atomic`,
};

const reasonTotals = {
  name: 'save_rollup_reasons',
  text: `insert into rollup_reasons as t (book_id, day, endpoint_id, reason, asset_id, count, amount_atomic)
    select u.book_id, u.day, u.endpoint_id, u.reason, u.asset_id, sum(u.count), sum(u.amount_atomic)
    from unnest($1::integer[], $2::date[], $3::uuid[], $4::text[], $5::integer[], $6::bigint[], $7::numeric[])
      as u (book_id, day, endpoint_id, reason, asset_id, count, amount_atomic)
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (book_id, day, endpoint_id, reason, asset_id)
    do update set count = t.count + excluded.count, amount_atomic = t.amount_atomic + excluded.amount_atomic`,
};

const append = {
  name: 'append_rollup_deltas',
  text: `insert into rollup_deltas
      (book_id, day, hour, endpoint_id, network_id, asset_id, outcome, reason, count, amount_atomic)
    select * from unnest($1::integer[], $2::date[], $3::timestamptz[], $4::uuid[], $5::smallint[], $6::integer[],
      $7::text[], $8::text[], $9::bigint[], $10::numeric[])`,
};

/**
 * Adds changes to the sums, one statement a table. Rows are locked in the order of tables and of keys, whoever writes,
 * so two writers wait for each other and never block each other for good.
 */
export async function saveRollups(
  session: Session,
  changes: readonly RollupChange[],
  networks: NetworkIds,
): Promise<void> {
  if (changes.length === 0) return;
  const days = changes.map((change) => change.day);
  const rest = valuesOf(changes, networks);
  const endpoints = changes.map(endpointOf);
  const books = changes.map((change) => change.bookId);
  const hours = changes.map((change) => toDbTime(change.hourUnixSeconds * 1000));
  await session.run(bookTotals, [books, days, ...rest]);
  await session.run(dayTotals, [books, days, ...rest, endpoints]);
  await session.run(hourTotals, [books, hours, ...rest, endpoints]);
  const failed = changes.filter((change) => change.reason !== null);
  if (failed.length === 0) return;
  await session.run(reasonTotals, [
    failed.map((change) => change.bookId),
    failed.map((change) => change.day),
    failed.map(endpointOf),
    failed.map((change) => change.reason),
    failed.map((change) => change.assetId),
    failed.map((change) => change.count),
    failed.map((change) => change.amountAtomic),
  ]);
}

/** Appends changes that the relay adds to the sums later: the api's way, which waits for nobody. */
export async function appendRollupDeltas(
  session: Session,
  changes: readonly RollupChange[],
  networks: NetworkIds,
): Promise<void> {
  const [networkIds, assets, outcomes, counts, amounts] = valuesOf(changes, networks);
  await session.run(append, [
    changes.map((change) => change.bookId),
    changes.map((change) => change.day),
    changes.map((change) => toDbTime(change.hourUnixSeconds * 1000)),
    changes.map(endpointOf),
    networkIds,
    assets,
    outcomes,
    changes.map((change) => change.reason),
    counts,
    amounts,
  ]);
}

function valuesOf(changes: readonly RollupChange[], networks: NetworkIds) {
  return [
    changes.map((change) => networks.idOf(change.network)),
    changes.map((change) => change.assetId),
    changes.map((change) => change.outcome),
    changes.map((change) => change.count),
    changes.map((change) => change.amountAtomic),
  ] as const;
}

function endpointOf(change: RollupChange): string {
  return change.endpointId ?? noEndpoint;
}
