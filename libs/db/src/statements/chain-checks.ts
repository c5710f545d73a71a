import type { ChainCheckRecord } from '@tollbook/usecases';
import { toDbHex, toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** What a second reading of a network came to. */
export type ChainCheckRow = {
  readonly network_id: number;
  readonly kind: string;
  readonly through_number: bigint;
  readonly through_hash: Uint8Array;
  readonly is_other_node: boolean;
  readonly checked_at: Date;
  readonly found_count: bigint;
  readonly found_at: Date | null;
  readonly left_out_count: bigint;
  readonly left_out_at: Date | null;
  readonly ghost_count: bigint;
  readonly ghost_at: Date | null;
};

const columns = `c.network_id, c.kind, c.through_number, c.through_hash, c.is_other_node, c.checked_at, c.found_count,
      c.found_at, c.left_out_count, c.left_out_at, c.ghost_count, c.ghost_at`;

const select = {
  name: 'select_chain_checks',
  text: `select ${columns} from chain_checks c where $1::smallint is null or c.network_id = $1
    order by c.network_id, c.kind`,
};

const save = {
  name: 'save_chain_check',
  text: `insert into chain_checks (network_id, kind, through_number, through_hash, is_other_node, checked_at, found_count,
      found_at, left_out_count, left_out_at, ghost_count, ghost_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (network_id, kind) do update set through_number = excluded.through_number,
      through_hash = excluded.through_hash, is_other_node = excluded.is_other_node, checked_at = excluded.checked_at,
      found_count = excluded.found_count, found_at = excluded.found_at, left_out_count = excluded.left_out_count,
      left_out_at = excluded.left_out_at, ghost_count = excluded.ghost_count, ghost_at = excluded.ghost_at`,
};

/** The checks of one network, or of all with null. */
export async function selectChainChecks(session: Session, networkId: number | null): Promise<ChainCheckRow[]> {
  return (await session.run<ChainCheckRow>(select, [networkId])).rows;
}

/** Replaces what one kind of check of a network came to. */
export async function saveChainCheck(session: Session, networkId: number, check: ChainCheckRecord): Promise<void> {
  const { kind, through, isOtherNode, checkedAtMs, found, leftOut, ghosts } = check;
  const findings = [found, leftOut, ghosts].flatMap(({ count, atMs }) => [
    count,
    atMs === null ? null : toDbTime(atMs),
  ]);
  const place = [networkId, kind, through.number, toDbHex(through.hash), isOtherNode, toDbTime(checkedAtMs)];
  await session.run(save, [...place, ...findings]);
}
