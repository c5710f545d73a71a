import { failureReasons, type RollupChange, rollupOutcomes } from '@tollbook/domain';
import { fromDbWord, fromDbWordOrNull } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { noEndpoint, saveRollups } from './save-rollups.js';

type DeltaRow = {
  readonly book_id: number;
  readonly day: string;
  readonly hour: Date;
  readonly endpoint_id: string;
  readonly network_id: number;
  readonly asset_id: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly count: bigint;
  readonly amount_atomic: string;
};

const take = {
  name: 'take_rollup_deltas',
  text: `with picked as materialized (
      select d.delta_id from rollup_deltas d order by d.delta_id limit $1 for update skip locked
    )
    delete from rollup_deltas d using picked p where d.delta_id = p.delta_id
    returning d.book_id, d.day, d.hour, d.endpoint_id, d.network_id, d.asset_id, d.outcome, d.reason, d.count,
      d.amount_atomic`,
};

const prune = {
  name: 'prune_rollup_hours',
  text: `delete from rollup_hours where hour < now() - interval '14 days'`,
};

/** Moves up to `limit` appended changes into the sums, within the caller's dbTx; resolves to how many. */
export async function foldRollupDeltas(session: Session, limit: number, networks: NetworkIds): Promise<number> {
  const { rows } = await session.run<DeltaRow>(take, [limit]);
  const changes = rows.map(
    (row): RollupChange => ({
      bookId: row.book_id,
      day: row.day,
      hourUnixSeconds: row.hour.getTime() / 1000,
      endpointId: row.endpoint_id === noEndpoint ? null : row.endpoint_id,
      network: networks.nameOf(row.network_id),
      assetId: row.asset_id,
      outcome: fromDbWord(rollupOutcomes, row.outcome),
      reason: fromDbWordOrNull(failureReasons, row.reason),
      count: Number(row.count),
      amountAtomic: BigInt(row.amount_atomic),
    }),
  );
  await saveRollups(session, changes, networks);
  return rows.length;
}

/** Forgets sums by hour that are older than two weeks; those by day stay. */
export async function pruneRollupHours(session: Session): Promise<void> {
  await session.run(prune);
}
