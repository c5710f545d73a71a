import type { Session } from '../session.js';

export type ReceiverRow = {
  readonly network_id: number;
  readonly wallet_id: string;
  readonly address: Uint8Array;
  readonly effective_from: Date;
};

/** Of each network the newest assignment that has begun and was not taken back. */
const statement = {
  name: 'read_receivers',
  text: `select distinct on (a.network_id) a.network_id, a.wallet_id, w.address, a.effective_from
    from wallet_assignments a
    join wallets w on w.book_id = a.book_id and w.wallet_id = a.wallet_id
    where a.book_id = $1 and a.canceled_at is null and a.effective_from <= clock_timestamp()
    order by a.network_id, a.effective_from desc, a.wallet_assignment_id desc`,
};

/** Where money for new offers goes now, network by network. */
export async function readReceivers(session: Session, bookId: number): Promise<ReceiverRow[]> {
  return (await session.run<ReceiverRow>(statement, [bookId])).rows;
}
