import type { TransferRecord } from '@tollbook/usecases';
import type { AttemptRow } from '../mapping/attempt.mapping.js';
import { toDbHex } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';
import { attemptRow } from './attempt-columns.js';

/** An attempt with the transfer that names it, by its replay key or by its transaction alone. */
export type MatchedAttemptRow = AttemptRow & { readonly transfer_id: string; readonly is_by_key: boolean };

/**
 * A key that was released names nobody. The transaction's hash counts only where no key decides: for a shown hash, or
 * for a transaction that we signed ourselves, when sender, token and amount are the attempt's and no other transfer of
 * that transaction carries its key.
 */
const statement = {
  name: 'match_attempts',
  text: `with t as (
      select * from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::bytea[], $5::bytea[], $6::integer[],
          $7::bytea[], $8::numeric[]) with ordinality
        as u (book_id, transfer_id, network_id, replay_key, tx_hash, asset_id, from_address, amount_atomic, place)
    ), by_key as (
      select t.transfer_id, t.book_id, t.place, k.attempt_id
      from t join replay_keys k
        on k.book_id = t.book_id and k.network_id = t.network_id and k.replay_key = t.replay_key
    ), named as (
      select t.place, a.attempt_id from t join attempts a on a.book_id = t.book_id and a.tx_hash = t.tx_hash
      union select t.place, g.attempt_id from t
        join gas_replacements g on g.book_id = t.book_id and g.tx_hash = t.tx_hash
    ), by_tx as (
      select distinct on (a.book_id, a.attempt_id) t.transfer_id, t.book_id, t.place, a.attempt_id
      from named n join t on t.place = n.place join attempts a
        on a.book_id = t.book_id and a.attempt_id = n.attempt_id and a.network_id = t.network_id
          and a.asset_id = t.asset_id and a.payer = t.from_address and a.amount_atomic = t.amount_atomic
      where (a.kind = 'transfer' or a.signed_tx is not null)
        and not exists (select from by_key b where b.book_id = t.book_id and b.transfer_id = t.transfer_id)
        and not exists (
          select from transfers other
          where other.book_id = a.book_id and other.tx_hash = t.tx_hash and other.network_id = a.network_id
            and other.replay_key = a.replay_key and other.orphaned_at is null
        )
      order by a.book_id, a.attempt_id, t.place
    )
    select m.transfer_id, m.is_by_key and a.kind <> 'transfer' as is_by_key, ${attemptRow('a')}
    from (
      select b.*, true as is_by_key from by_key b union all select x.*, false from by_tx x
    ) m
    join attempts a on a.book_id = m.book_id and a.attempt_id = m.attempt_id
    order by m.place, a.attempt_id`,
};

/** The attempts that transfers name. */
export async function matchAttempts(
  session: Session,
  transfers: readonly (TransferRecord & { readonly networkId: number })[],
): Promise<MatchedAttemptRow[]> {
  const { rows } = await session.run<MatchedAttemptRow>(statement, [
    transfers.map((transfer) => transfer.bookId),
    transfers.map((transfer) => transfer.transferId),
    transfers.map((transfer) => transfer.networkId),
    transfers.map((transfer) => transfer.replayKeyHash),
    transfers.map((transfer) => toDbHex(transfer.txHash)),
    transfers.map((transfer) => transfer.assetId),
    transfers.map((transfer) => toDbHex(transfer.from)),
    transfers.map((transfer) => transfer.amountAtomic),
  ]);
  return rows;
}
