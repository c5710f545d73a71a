import { chainCheckKinds } from '@tollbook/domain';
import type { ChainCheckRecord } from '@tollbook/usecases';
import type { ChainCheckRow } from '../statements/chain-checks.js';
import { fromDbHex, fromDbTime, fromDbWord } from './column.mapping.js';

/** What a second reading of a network came to. */
export function fromDbChainCheck(network: string, row: ChainCheckRow): ChainCheckRecord {
  const finding = (count: bigint, at: Date | null) => ({ count: Number(count), atMs: fromDbTime(at) });
  return {
    network,
    kind: fromDbWord(chainCheckKinds, row.kind),
    through: { number: row.through_number, hash: fromDbHex(row.through_hash) },
    isOtherNode: row.is_other_node,
    checkedAtMs: row.checked_at.getTime(),
    found: finding(row.found_count, row.found_at),
    leftOut: finding(row.left_out_count, row.left_out_at),
    ghosts: finding(row.ghost_count, row.ghost_at),
  };
}
