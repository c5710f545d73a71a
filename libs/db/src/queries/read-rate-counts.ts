import type { Session } from '../session.js';

type Place = { readonly endpoint_id: string; readonly side: string };
export type RateHourRow = Place & {
  readonly starts_at: Date;
  readonly allowed: bigint;
  readonly throttled: bigint;
};
export type RateLastHourRow = Omit<RateHourRow, 'starts_at'>;
export type RateSubjectRow = Place & {
  readonly subject: string;
  readonly throttled_last_hour: bigint;
  readonly throttled_last_day: bigint;
  readonly last_seen_at: Date;
  readonly used: number;
  readonly resets_at: Date | null;
};

const ofEverybody = `from rate_limit_counts c where c.book_id = $1 and c.endpoint_id = any ($2::uuid[]) and c.subject = ''`;
const sums = 'sum(c.allowed)::bigint as allowed, sum(c.throttled)::bigint as throttled';

const hours = {
  name: 'read_rate_hours',
  text: `select c.endpoint_id, c.side, date_bin(interval '1 hour', c.starts_at, 'epoch') as starts_at, ${sums}
    ${ofEverybody} and c.starts_at > now() - interval '24 hours'
    group by 1, 2, 3
    order by 3`,
};

const lastHour = {
  name: 'read_rate_last_hour',
  text: `select c.endpoint_id, c.side, ${sums}
    ${ofEverybody} and c.starts_at > now() - interval '1 hour'
    group by 1, 2`,
};

/** Ten that were held back most, and three that stand nearest to their limit now. */
const subjects = {
  name: 'read_rate_subjects',
  text: `with seen as (
      select c.endpoint_id, c.side, c.subject,
        coalesce(sum(c.throttled) filter (where c.starts_at > now() - interval '1 hour'), 0)::bigint
          as throttled_last_hour,
        sum(c.throttled)::bigint as throttled_last_day, max(c.last_seen_at) as last_seen_at,
        coalesce(max(c.used) filter (where c.resets_at > now()), 0) as used,
        max(c.resets_at) filter (where c.resets_at > now()) as resets_at
      from rate_limit_counts c
      where c.book_id = $1 and c.endpoint_id = any ($2::uuid[]) and c.subject <> ''
        and c.starts_at > now() - interval '24 hours'
      group by 1, 2, 3
    ), ranked as (
      select seen.*,
        row_number() over (partition by endpoint_id, side order by throttled_last_day desc, last_seen_at desc) as held,
        row_number() over (partition by endpoint_id, side order by used desc, last_seen_at desc) as filled
      from seen
    )
    select endpoint_id, side, subject, throttled_last_hour, throttled_last_day, last_seen_at, used, resets_at
    from ranked
    where (held <= 10 and throttled_last_day > 0) or (filled <= 3 and used > 0)
    order by throttled_last_day desc, used desc, subject`,
};

/** What endpoints let through and held back by hour, in the last 24. */
export async function readRateHours(session: Session, bookId: number, ids: readonly string[]): Promise<RateHourRow[]> {
  return (await session.run<RateHourRow>(hours, [bookId, ids])).rows;
}

/** The same since an hour ago. */
export async function readRateLastHour(
  session: Session,
  bookId: number,
  ids: readonly string[],
): Promise<RateLastHourRow[]> {
  return (await session.run<RateLastHourRow>(lastHour, [bookId, ids])).rows;
}

/** Who was held back most in the last 24 hours, and who is nearest to a limit now. */
export async function readRateSubjects(
  session: Session,
  bookId: number,
  ids: readonly string[],
): Promise<RateSubjectRow[]> {
  return (await session.run<RateSubjectRow>(subjects, [bookId, ids])).rows;
}
