import { dayStartMs, type ReportPeriod } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

export type DaySumRow = {
  readonly day: string;
  readonly network_id: number | null;
  readonly endpoint_id: string | null;
  readonly asset_id: number;
  readonly outcome: string;
  readonly count: bigint;
  readonly amount_atomic: string;
};

export type NowRow = {
  readonly payers: bigint;
  readonly previous_payers: bigint;
  readonly claimed: bigint;
  readonly sent: bigint;
};

export type WaitingRow = {
  readonly what: string;
  readonly asset_id: number;
  readonly count: bigint;
  readonly amount_atomic: string;
};

const byNetwork = {
  name: 'read_day_totals_by_network',
  text: `select day, network_id, null::uuid as endpoint_id, asset_id, outcome, sum(count)::bigint as count,
      sum(amount_atomic) as amount_atomic
    from day_totals where book_id = $1 and day >= $2 and day <= $3
    group by 1, 2, 4, 5 having sum(count) <> 0 or sum(amount_atomic) <> 0 order by 1, 2, 4, 5`,
};

const byEndpoint = {
  name: 'read_day_totals_by_endpoint',
  text: `select day, null::smallint as network_id,
      nullif(endpoint_id, '00000000-0000-0000-0000-000000000000') as endpoint_id, asset_id, outcome,
      sum(count)::bigint as count, sum(amount_atomic) as amount_atomic
    from endpoint_totals where book_id = $1 and day >= $2 and day <= $3
    group by 1, 3, 4, 5 having sum(count) <> 0 or sum(amount_atomic) <> 0 order by 1, 3, 4, 5`,
};

/** A payer counts on the first of its days in a period. Attempts in flight are few and have an index of their own. */
const now = {
  name: 'read_overview_now',
  text: `select payers.*, attempts.*
    from (
      select coalesce(sum(payers) filter (where day >= $3 and previous_day < $3), 0)::bigint as payers,
        coalesce(sum(payers) filter (where day < $3 and previous_day < $2), 0)::bigint as previous_payers
      from rollup_recency where book_id = $1 and day >= $2 and day <= $4
    ) payers
    cross join (
      select count(*) filter (where status in ('claimed', 'verified')) as claimed,
        count(*) filter (where status not in ('claimed', 'verified')) as sent
      from attempts
      where book_id = $1 and status in ('claimed', 'verified', 'submitting', 'submitted', 'unknown')
        and created_at >= $5 and created_at < $6
    ) attempts`,
};

/** Payers of whole days, and of the begun one those who paid in none of them. */
const payersUntil = {
  name: 'read_payers_until',
  text: `select (
      select coalesce(sum(payers), 0) from rollup_recency
      where book_id = $1 and day >= $2 and day < $3 and previous_day < $2
    )::bigint + (
      select count(*) from (
        select tr.from_address as payer
        from ledger_entries e
        join allocations al on al.book_id = e.book_id and al.allocation_id = e.cause_id
        join transfers tr on tr.book_id = al.book_id and tr.transfer_id = al.transfer_id
        where e.book_id = $1 and e.effective_at >= $4 and e.effective_at < $5
          and e.kind in ('payment_confirmed', 'payment_confirmed_reversed', 'partial_confirmed', 'partial_confirmed_reversed')
        group by 1 having count(*) filter (where e.kind not like '%reversed') > count(*) filter (where e.kind like '%reversed')
      ) begun
      where not exists (
        select 1 from rollup_payers p
        where p.book_id = $1 and p.payer = begun.payer and p.day >= $2 and p.day < $3 and p.amount_atomic > 0
      )
    ) as payers`,
};

const waiting = {
  name: 'read_overview_waiting',
  text: `select 'unknown' as what, i.asset_id, count(*) as count, sum(i.amount_atomic) as amount_atomic
    from payment_intents i
    where i.book_id = $1 and i.status = 'unknown' and i.asset_id is not null group by 2
    union all
    select d.kind, coalesce(t.asset_id, i.asset_id), count(*), coalesce(sum(d.amount_atomic), 0)
    from discrepancies d
    left join transfers t on t.book_id = d.book_id and t.transfer_id = d.transfer_id
    left join payment_intents i on i.book_id = d.book_id and i.intent_id = d.intent_id
    where d.book_id = $1 and d.closed_at is null and d.kind in ('unmatched', 'paid_not_served')
    group by 1, 2`,
};

/** Sums of every outcome by day, over a period and the one before it. */
export async function readDayTotals(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
  by: 'network' | 'endpoint',
): Promise<DaySumRow[]> {
  const statement = by === 'network' ? byNetwork : byEndpoint;
  return (await session.run<DaySumRow>(statement, [bookId, previous.firstDay, period.lastDay])).rows;
}

/** Payers of both periods, and the period's attempts that are not decided yet. */
export async function readOverviewNow(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
): Promise<NowRow | undefined> {
  const times = [toDbTime(period.fromMs), toDbTime(period.toMs)];
  const values = [bookId, previous.firstDay, period.firstDay, period.lastDay, ...times];
  return (await session.run<NowRow>(now, values)).rows[0];
}

/** How many paid in a period that begins with a day and ends within its last. */
export async function readPayersUntil(session: Session, bookId: number, period: ReportPeriod): Promise<number> {
  const { firstDay, lastDay, zone, toMs } = period;
  const values = [bookId, firstDay, lastDay, toDbTime(dayStartMs(lastDay, zone)), toDbTime(toMs)];
  const { rows } = await session.run<{ readonly payers: bigint }>(payersUntil, values);
  return Number(rows[0]?.payers ?? 0);
}

/** What waits for the chain or for a person, whatever the period. */
export async function readWaiting(session: Session, bookId: number): Promise<WaitingRow[]> {
  return (await session.run<WaitingRow>(waiting, [bookId])).rows;
}
