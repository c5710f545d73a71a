import type { Session } from '../session.js';

export type EndpointWeekRow = {
  readonly endpoint_id: string;
  readonly asset_id: number;
  readonly count: bigint;
  readonly amount_atomic: string;
};

/** Paid is what is confirmed or final. Day by day from the sums, so that it costs the same whatever was sold. */
const statement = {
  name: 'read_endpoint_weeks',
  text: `select t.endpoint_id, t.asset_id, sum(t.count)::bigint as count, sum(t.amount_atomic)::text as amount_atomic
    from endpoint_totals t
    where t.book_id = $1 and t.day >= $2::date and t.endpoint_id = any($3::uuid[])
      and t.outcome in ('confirmed', 'final')
    group by t.endpoint_id, t.asset_id
    order by t.endpoint_id, t.asset_id`,
};

/** What endpoints took in since an accounting day, by token. */
export async function readEndpointWeeks(
  session: Session,
  bookId: number,
  endpointIds: readonly string[],
  sinceDay: string,
): Promise<EndpointWeekRow[]> {
  return (await session.run<EndpointWeekRow>(statement, [bookId, sinceDay, endpointIds])).rows;
}
