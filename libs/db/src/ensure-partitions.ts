import type { ClientBase, Pool } from 'pg';
import { ensurePartitionsSql } from './statements/ensure-partitions.js';

export type PartitionChanges = { readonly created: readonly string[]; readonly dropped: readonly string[] };

/**
 * Makes the partitions that ids of the coming two weeks (daily) or two months (weekly) need, and drops those whose
 * retention is over by both `now` and the database's clock. Safe to repeat and to run at once; needs the owner or
 * tollbook_worker. A drop that would have to wait for readers is left for the next call.
 */
export async function ensurePartitions(client: ClientBase | Pool, now: Date): Promise<PartitionChanges> {
  const { rows } = await client.query<{ change: string; partition_name: string }>(ensurePartitionsSql, [now]);
  const namesOf = (change: string) => rows.filter((row) => row.change === change).map((row) => row.partition_name);
  return { created: namesOf('created'), dropped: namesOf('dropped') };
}
