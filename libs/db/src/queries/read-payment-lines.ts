import type { ReportPeriod } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

export type PaymentLineRow = {
  readonly intent_id: string;
  readonly invoice_year: number | null;
  readonly invoice_no: number | null;
  readonly created_at: Date;
  readonly paid_at: Date | null;
  readonly local_day: string | null;
  readonly endpoint_id: string | null;
  readonly order_id: string | null;
  readonly payer: Buffer | null;
  readonly network_id: number;
  readonly asset_id: number;
  readonly amount_atomic: string;
  readonly paid_atomic: string;
  readonly status: string;
  readonly tx_hash: Buffer | null;
};

/**
 * A page of the primary key, with what paid each. An intent's id holds the time of its offer, which is some minutes
 * before the intent was made: the key narrows the scan, and `created_at` decides.
 */
const lines = {
  name: 'read_payment_lines',
  text: `select i.intent_id, i.invoice_year, i.invoice_no, i.created_at, paid.paid_at, paid.local_day, i.endpoint_id,
      i.order_id, i.payer, i.network_id, i.asset_id, i.amount_atomic, coalesce(paid.paid_atomic, 0) as paid_atomic,
      i.status, coalesce(paid.tx_hash, tried.tx_hash) as tx_hash
    from payment_intents i
    left join lateral (
      select max(t.block_time) as paid_at, sum(al.amount_atomic) as paid_atomic, max(e.local_day) as local_day,
        (array_agg(t.tx_hash order by t.block_number desc, t.position desc))[1] as tx_hash
      from allocations al
      join transfers t on t.book_id = al.book_id and t.transfer_id = al.transfer_id
      left join ledger_entries e on e.book_id = al.book_id and e.cause_id = al.allocation_id
        and e.kind = al.bucket || '_confirmed'
      where al.book_id = i.book_id and al.intent_id = i.intent_id and al.reversed_at is null
        and al.bucket in ('payment', 'partial')
    ) paid on true
    left join lateral (
      select a.tx_hash from attempts a
      where a.book_id = i.book_id and a.intent_id = i.intent_id and a.tx_hash is not null
      order by a.attempt_id desc limit 1
    ) tried on true
    where i.book_id = $1 and i.intent_id >= uuid_at($2::timestamptz - interval '1 day') and i.intent_id < uuid_at($3)
      and ($4::uuid is null or i.intent_id > $4)
      and i.created_at >= $2 and i.created_at < $3
      and i.payer is not null and i.network_id is not null
    order by i.intent_id limit $5`,
};

/** A page of payments that were made in a period, oldest first. */
export async function readPaymentLines(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  after: string | null,
  limit: number,
): Promise<PaymentLineRow[]> {
  const values = [bookId, toDbTime(period.fromMs), toDbTime(period.toMs), after, limit];
  return (await session.run<PaymentLineRow>(lines, values)).rows;
}
