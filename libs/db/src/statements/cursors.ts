import type { CursorRecord } from '@tollbook/usecases';
import { toDbHex } from '../mapping/column.mapping.js';
import type { CursorRow } from '../mapping/cursor.mapping.js';
import type { Session } from '../session.js';

/** There is one lane a network; several indexers of one network would have one each. */
const select = {
  name: 'select_cursor',
  text: `select c.head_number, c.head_hash, c.confirmed_number, c.confirmed_hash, c.final_number, c.final_hash,
      c.frozen_reason
    from cursors c where c.network_id = $1 and c.lane = 0`,
};

const insert = {
  name: 'insert_cursor',
  text: `insert into cursors (network_id, fence, head_number, head_hash, confirmed_number, confirmed_hash, final_number,
      final_hash, frozen_reason, frozen_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $9::text is null then null else now() end)`,
};

const update = {
  name: 'update_cursor',
  text: `update cursors c
    set fence = $2, head_number = $3, head_hash = $4, confirmed_number = $5, confirmed_hash = $6, final_number = $7,
      final_hash = $8, frozen_reason = $9,
      frozen_at = case when $9::text is null then null else coalesce(c.frozen_at, now()) end
    where c.network_id = $1 and c.lane = 0 and c.fence <= $2`,
};

/** A network's cursor, or null before its first scan. */
export async function selectCursor(session: Session, networkId: number): Promise<CursorRow | null> {
  return (await session.run<CursorRow>(select, [networkId])).rows[0] ?? null;
}

/** Makes a network's cursor. */
export async function insertCursor(
  session: Session,
  networkId: number,
  fence: bigint,
  cursor: CursorRecord,
): Promise<void> {
  await session.run(insert, valuesOf(networkId, fence, cursor));
}

/** Moves a network's cursor; false when a younger lease moved it before, or there is none. */
export async function updateCursor(
  session: Session,
  networkId: number,
  fence: bigint,
  cursor: CursorRecord,
): Promise<boolean> {
  return (await session.run(update, valuesOf(networkId, fence, cursor))).rowCount === 1;
}

function valuesOf(networkId: number, fence: bigint, { head, confirmed, final, frozenReason }: CursorRecord) {
  const points = [head, confirmed, final].flatMap(({ number, hash }) => [number, number < 0n ? null : toDbHex(hash)]);
  return [networkId, fence, ...points, frozenReason];
}
