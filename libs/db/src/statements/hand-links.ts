import type { HandLinkRecord } from '@tollbook/usecases';
import type { TransferRow } from '../mapping/transfer.mapping.js';
import type { Session } from '../session.js';
import { transferColumns } from './transfer-columns.js';

export type HandLinkRow = TransferRow & {
  readonly hand_link_id: string;
  readonly intent_id: string;
  readonly actor_id: string;
};

const pending = {
  name: 'select_pending_hand_links',
  text: `select h.hand_link_id, h.intent_id, h.actor_id, ${transferColumns('t')}
    from hand_links h join transfers t on t.book_id = h.book_id and t.transfer_id = h.transfer_id
    where h.done_at is null order by h.hand_link_id limit $1`,
};

const finish = {
  name: 'finish_hand_link',
  text: `update hand_links set done_at = now(), refusal = $3
    where book_id = $1 and hand_link_id = $2 and done_at is null`,
};

/** Orders that nobody has carried out yet, oldest first. */
export async function selectPendingHandLinks(session: Session, limit: number): Promise<HandLinkRow[]> {
  return (await session.run<HandLinkRow>(pending, [limit])).rows;
}

/** Ends an order, once. */
export async function finishHandLink(session: Session, order: HandLinkRecord, refusal: string | null): Promise<void> {
  await session.run(finish, [order.bookId, order.handLinkId, refusal]);
}
