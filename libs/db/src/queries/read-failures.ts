import type { ReportPeriod } from '@tollbook/domain';
import { toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

export type FailedSumRow = {
  readonly reason: string;
  readonly asset_id: number;
  readonly count: bigint;
  readonly previous_count: bigint;
  readonly amount_atomic: string;
};

export type OfferSumRow = {
  readonly kind: string;
  readonly reason: string;
  readonly count: bigint;
  readonly previous_count: bigint;
};

const failed = {
  name: '',
  text: `select reason, asset_id, coalesce(sum(count) filter (where day >= $3), 0)::bigint as count,
      coalesce(sum(count) filter (where day < $3), 0)::bigint as previous_count,
      coalesce(sum(amount_atomic) filter (where day >= $3), 0) as amount_atomic
    from reason_totals
    where book_id = $1 and day >= $2 and day <= $4 and ($5::uuid is null or endpoint_id = $5)
    group by 1, 2 order by 1, 2`,
};

const counted = {
  name: '',
  text: `select kind, reason, coalesce(sum(count) filter (where minute >= $3), 0)::bigint as count,
      coalesce(sum(count) filter (where minute < $3), 0)::bigint as previous_count
    from offer_counts
    where book_id = $1 and minute >= $2 and minute < $4 and ($5::uuid is null or endpoint_id = $5)
    group by 1, 2 order by 1, 2`,
};

/** Attempts that failed, by reason and asset, in a period of whole days and in the one before. */
export async function readFailed(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
  endpointId: string | null,
): Promise<FailedSumRow[]> {
  const values = [bookId, previous.firstDay, period.firstDay, period.lastDay, endpointId];
  return (await session.run<FailedSumRow>(failed, values)).rows;
}

/** What the gate counted, by kind and reason, in the same two periods. */
export async function readOfferCounts(
  session: Session,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
  endpointId: string | null,
): Promise<OfferSumRow[]> {
  const values = [bookId, toDbTime(previous.fromMs), toDbTime(period.fromMs), toDbTime(period.toMs), endpointId];
  return (await session.run<OfferSumRow>(counted, values)).rows;
}
