import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from './transfer-columns.js';

/** The replay key holds wallet and amount together with an allocation that calls the money unmatched. */
const stranded = {
  name: 'select_stranded_transfers',
  text: `select ${transferColumns('t')}
    from attempts a
    join payment_intents i on i.book_id = a.book_id and i.intent_id = a.intent_id
    join transfers t on t.book_id = a.book_id and t.network_id = a.network_id and t.replay_key = a.replay_key
      and t.orphaned_at is null and t.amount_atomic = a.amount_atomic and t.to_wallet_id = i.wallet_id
    join allocations l on l.book_id = t.book_id and l.transfer_id = t.transfer_id
      and l.reversed_at is null and l.bucket = 'unmatched'
    where a.status in ('submitting', 'submitted', 'unknown')
    order by t.block_number, t.book_id, t.position
    limit $1`,
};

/** Transfers that were booked as unmatched before the attempt that their key names was sent. */
export async function selectStrandedTransfers(session: Session, limit: number): Promise<TransferRow[]> {
  return (await session.run<TransferRow>(stranded, [limit])).rows;
}
