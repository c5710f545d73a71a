import type { ReportPeriod } from '@tollbook/domain';
import type { RevenueGrouping } from '@tollbook/usecases';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

const hourMs = 3_600_000;
/** Sums by hour are kept for two weeks; of the last of them some may be gone. */
const hoursKeptMs = 13 * 24 * hourMs;

export type HourSumRow = Omit<RevenueSumRow, 'day'> & { readonly day: string; readonly hour: Date };

export type RevenueSumRow = {
  readonly day: string | null;
  readonly endpoint_id: string | null;
  readonly network_id: number | null;
  readonly asset_id: number;
  readonly outcome: string;
  readonly count: bigint;
  readonly amount_atomic: string;
};

/** Entries that are revenue, each with its parts, as the sums count them. */
const entryParts = `select (e.effective_at at time zone $4)::date as day,
    date_trunc('hour', e.effective_at, $4) as hour, pending.endpoint_id, e.network_id, p.asset_id,
    part.outcome, case when e.kind like 'partial%' then 0 else part.sign end as count,
    part.sign * p.amount_atomic as amount_atomic
  from ledger_entries e
  join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
  left join ledger_accounts pending on pending.book_id = p.book_id and pending.kind = 'pending'
    and pending.account_id in (p.debit_account_id, p.credit_account_id)
  join (values
    ('payment_confirmed', 'confirmed', 1), ('payment_confirmed_reversed', 'confirmed', -1),
    ('payment_final', 'confirmed', -1), ('payment_final', 'final', 1),
    ('payment_final_reversed', 'confirmed', 1), ('payment_final_reversed', 'final', -1),
    ('partial_confirmed', 'confirmed', 1), ('partial_confirmed_reversed', 'confirmed', -1),
    ('partial_final', 'confirmed', -1), ('partial_final', 'final', 1),
    ('partial_final_reversed', 'confirmed', 1), ('partial_final_reversed', 'final', -1)
  ) as part (kind, outcome, sign) on part.kind = e.kind
  where e.book_id = $1 and e.effective_at >= $2 and e.effective_at < $3`;

/** Sums of revenue. Of whole days of the book they are read from the sums; of any other period entry by entry. */
export async function readRevenue(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  by: RevenueGrouping,
): Promise<RevenueSumRow[]> {
  const columns = [
    by.day ? 'day' : 'null::date as day',
    by.endpoint
      ? `nullif(endpoint_id, '00000000-0000-0000-0000-000000000000') as endpoint_id`
      : 'null::uuid as endpoint_id',
    by.network ? 'network_id' : 'null::smallint as network_id',
  ];
  const sums = 'asset_id, outcome, sum(count)::bigint as count, sum(amount_atomic) as amount_atomic';
  const table = by.endpoint ? 'endpoint_totals' : 'day_totals';
  const source = period.isWholeDays
    ? `${table} where book_id = $1 and day >= $2 and day <= $3 and outcome in ('confirmed', 'final')`
    : `(${entryParts}) parts`;
  const text = `select ${columns.join(', ')}, ${sums} from ${source} group by 1, 2, 3, 4, 5
    having sum(count) <> 0 or sum(amount_atomic) <> 0 order by 1, 2 nulls last, 3, 4, 5`;
  const values = period.isWholeDays
    ? [bookId, period.firstDay, period.lastDay]
    : [bookId, toDbTime(period.fromMs), toDbTime(period.toMs), period.zone];
  return (await session.run<RevenueSumRow>({ name: '', text }, values)).rows;
}

/**
 * Revenue of each hour, as the zone of the period has hours. From the sums where these are the hours of UTC too and young
 * enough, else entry by entry, which are found by their time.
 */
export async function readRevenueHours(
  session: Session,
  bookId: number,
  { fromMs, toMs, zone }: ReportPeriod,
  by: 'network' | 'endpoint',
  nowMs: number,
): Promise<HourSumRow[]> {
  const isSummed = fromMs % hourMs === 0 && toMs % hourMs === 0 && fromMs >= nowMs - hoursKeptMs;
  const source = isSummed
    ? `rollup_hours where book_id = $1 and hour >= $2 and hour < $3 and outcome in ('confirmed', 'final')`
    : `(${entryParts}) parts`;
  const keys =
    by === 'network'
      ? 'null::uuid as endpoint_id, network_id'
      : `nullif(endpoint_id, '00000000-0000-0000-0000-000000000000') as endpoint_id, null::smallint as network_id`;
  const text = `select hour, (hour at time zone $4)::date as day, ${keys}, asset_id, outcome,
      sum(count)::bigint as count, sum(amount_atomic) as amount_atomic
    from ${source} group by 1, 2, 3, 4, 5, 6
    having sum(count) <> 0 or sum(amount_atomic) <> 0 order by 1, 3 nulls last, 4, 5, 6`;
  const values = [bookId, toDbTime(fromMs), toDbTime(toMs), zone];
  return (await session.run<HourSumRow>({ name: '', text }, values)).rows;
}
