import type { BlockHeader } from '@tollbook/domain';
import { toDbHex, toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** A stored header. */
export type HeaderRow = {
  readonly number: bigint;
  readonly block_hash: Uint8Array;
  readonly parent_hash: Uint8Array;
  readonly time: Date;
};

/** The time of a network's newest block that was read. */
export type ChainTimeRow = { readonly caip2: string; readonly time: Date };

const select = {
  name: 'select_headers_from',
  text: `select h.number, h.block_hash, h.parent_hash, h.time from block_headers h
    where h.network_id = $1 and h.number >= $2 order by h.number desc`,
};

const times = {
  name: 'select_chain_times',
  text: `select n.caip2, h.time from cursors c
    join networks n on n.network_id = c.network_id
    join block_headers h on h.network_id = c.network_id and h.block_hash = c.head_hash
    where c.lane = 0 order by n.caip2`,
};

/** Blocks are final in time where their headers are kept; an older one tells nothing. */
const finalTime = {
  name: 'select_final_time',
  text: `select h.time from cursors c
    join block_headers h on h.network_id = c.network_id and h.block_hash = c.final_hash
    where c.network_id = $1 and c.lane = 0 and c.frozen_reason is null`,
};

const save = {
  name: 'save_headers',
  text: `with pruned as (delete from block_headers h where h.network_id = $1 and h.number < $6)
    insert into block_headers (network_id, block_hash, number, parent_hash, time)
    select $1, u.block_hash, u.number, u.parent_hash, u.time
    from unnest($2::bytea[], $3::bigint[], $4::bytea[], $5::timestamptz[])
      as u (block_hash, number, parent_hash, time)
    on conflict (network_id, block_hash) do nothing`,
};

const remove = {
  name: 'delete_headers_above',
  text: 'delete from block_headers h where h.network_id = $1 and h.number > $2',
};

/** Stored headers from a height upwards, newest first. */
export async function selectHeadersFrom(session: Session, networkId: number, fromNumber: bigint): Promise<HeaderRow[]> {
  return (await session.run<HeaderRow>(select, [networkId, fromNumber])).rows;
}

/** The chain time of every network that has a cursor. */
export async function selectChainTimes(session: Session): Promise<ChainTimeRow[]> {
  return (await session.run<ChainTimeRow>(times)).rows;
}

/** The chain time of a network's final block, as far as it was read and booked; null where it is not known. */
export async function selectFinalTime(session: Session, networkId: number): Promise<Date | null> {
  return (await session.run<{ time: Date }>(finalTime, [networkId])).rows[0]?.time ?? null;
}

/** Keeps headers, and forgets those below a height. */
export async function saveHeaders(
  session: Session,
  networkId: number,
  headers: readonly BlockHeader[],
  keepFromNumber: bigint,
): Promise<void> {
  await session.run(save, [
    networkId,
    headers.map((header) => toDbHex(header.hash)),
    headers.map((header) => header.number),
    headers.map((header) => toDbHex(header.parentHash)),
    headers.map((header) => toDbTime(header.timeUnixSeconds * 1000)),
    keepFromNumber,
  ]);
}

/** Forgets headers that a fork replaced. */
export async function deleteHeadersAbove(session: Session, networkId: number, number: bigint): Promise<void> {
  await session.run(remove, [networkId, number]);
}
