import type { RefundFilter } from '@tollbook/usecases';
import type { RefundRow } from '../mapping/refund.mapping.js';
import type { Session } from '../session.js';
import { refundRow } from '../statements/refunds.js';

const one = { name: 'read_refund', text: `${refundRow} where r.book_id = $1 and r.refund_id = $2` };

const list = {
  // Without a name it is planned with its values.
  name: '',
  text: `${refundRow}
    where r.book_id = $1 and ($2::uuid is null or r.refund_id < $2)
      and ($3::text is null or r.status = $3) and ($4::uuid is null or r.intent_id = $4)
    order by r.refund_id desc
    limit $5`,
};

const ownWallet = {
  name: 'is_own_wallet',
  text: `select exists (
    select from wallets w where w.book_id = $1 and w.network_id = $2 and w.address = $3
  ) as is_own`,
};

const head = {
  name: 'read_head_number',
  text: 'select c.head_number from cursors c where c.network_id = $1 and c.lane = 0',
};

/** One refund of the book. */
export async function readRefund(session: Session, bookId: number, refundId: string): Promise<RefundRow | undefined> {
  return (await session.run<RefundRow>(one, [bookId, refundId])).rows[0];
}

/** A page of the book's refunds, newest first; null lets everything pass. */
export async function listRefunds(
  session: Session,
  bookId: number,
  { status, intentId, after }: RefundFilter & { readonly after: string | null },
  limit: number,
): Promise<RefundRow[]> {
  return (await session.run<RefundRow>(list, [bookId, after, status, intentId, limit])).rows;
}

/** Whether an address belongs to the book. */
export async function isOwnWallet(
  session: Session,
  bookId: number,
  networkId: number,
  address: Uint8Array,
): Promise<boolean> {
  const { rows } = await session.run<{ readonly is_own: boolean }>(ownWallet, [bookId, networkId, address]);
  return rows[0]?.is_own ?? false;
}

/** The last block that was read of a network; null before the first. */
export async function readHeadNumber(session: Session, networkId: number): Promise<bigint | null> {
  const { rows } = await session.run<{ readonly head_number: bigint }>(head, [networkId]);
  return rows[0]?.head_number ?? null;
}
