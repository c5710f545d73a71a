import type { Overview, SeriesPoint } from '@tollbook/contract';
import { addDays } from '../../range.js';
import { formatAmount } from '../../ui/format-amount.js';
import { formatClock, formatDay } from '../../ui/format-time.js';

/** Up to this many days each has a bar of its own; beyond it, each week. */
const daysMax = 92;
const hourMs = 3_600_000;

/** A bar: an hour, a day, or a week of days. */
export interface Bucket {
  firstDay: string;
  lastDay: string;
  /** The hour's first moment; null where the bar is of days. */
  hour: string | null;
}

export interface RevenueBucket extends Bucket {
  /** By the key of the series. */
  amountsAtomic: ReadonlyMap<string, bigint>;
  totalAtomic: bigint;
}

/** What is drawn: the period, by which buckets it is told, and its points. */
export type Drawn = Pick<Overview, 'period' | 'bucket' | 'series'>;

/** The key that points without one are drawn under. */
export const noKey = 'none';

/** The bars of one asset over a period: every hour, day or week is there, also those in which nothing came. */
export function revenueBuckets(drawn: Drawn, asset: string): RevenueBucket[] {
  return bucketsOf(drawn).map(({ points, ...bucket }) => {
    const amountsAtomic = new Map<string, bigint>();
    let totalAtomic = 0n;
    for (const point of points) {
      if (point.asset !== asset) continue;
      const amountAtomic = BigInt(point.totalAtomic);
      const key = point.key ?? noKey;
      amountsAtomic.set(key, (amountsAtomic.get(key) ?? 0n) + amountAtomic);
      totalAtomic += amountAtomic;
    }
    return { ...bucket, amountsAtomic, totalAtomic };
  });
}

/** What each bar is held against: the buckets of the same place; none where there is no comparison. */
export function previousBuckets({ bucket, previousDays, previousSeries }: Overview, asset: string): RevenueBucket[] {
  return previousDays === null ? [] : revenueBuckets({ period: previousDays, bucket, series: previousSeries }, asset);
}

/** Payments of each bar, whatever they were paid in. */
export function paymentBuckets(drawn: Drawn): number[] {
  return bucketsOf(drawn).map(({ points }) => points.reduce((sum, { payments }) => sum + payments, 0));
}

/** An hour by its clock where all are of one day; weeks by their first day. */
export function bucketName({ firstDay, hour }: Bucket, period: Overview['period']): string {
  if (hour === null) return formatDay(firstDay);
  const clock = formatClock(hour, period.zone);
  return period.firstDay === period.lastDay ? clock : `${formatDay(firstDay)}, ${clock}`;
}

/** The bar that an answer was made in, which is not over yet; none where the period is. */
export function runningBucket(
  buckets: readonly RevenueBucket[],
  { asOf, period }: Pick<Overview, 'asOf' | 'period'>,
): RevenueBucket | undefined {
  if (asOf >= period.to) return undefined;
  if (buckets[0]?.hour == null) return buckets.at(-1);
  return buckets.findLast(({ hour }) => hour !== null && hour <= asOf);
}

/** The largest bar in words. */
export function mostText(buckets: readonly RevenueBucket[], period: Overview['period'], asset: string): string {
  let best = buckets[0];
  for (const bucket of buckets) if (best && bucket.totalAtomic > best.totalAtomic) best = bucket;
  if (best === undefined) return '';
  return `Most ${best.hour === null ? 'on' : 'from'} ${bucketName(best, period)}: ${formatAmount(best.totalAtomic.toString(), asset)} ${asset}.`;
}

function bucketsOf({ period, bucket, series }: Drawn): (Bucket & { points: SeriesPoint[] })[] {
  const fromMs = Date.parse(period.from);
  const buckets =
    bucket === 'hour' ? hoursOf(fromMs, Date.parse(period.to), period.zone) : daysOf(period.firstDay, period.lastDay);
  for (const point of series) {
    const index =
      point.hour === null
        ? buckets.findIndex(({ firstDay, lastDay }) => point.day >= firstDay && point.day <= lastDay)
        : Math.floor((Date.parse(point.hour) - fromMs) / hourMs);
    buckets[index]?.points.push(point);
  }
  return buckets;
}

function hoursOf(fromMs: number, toMs: number, timeZone: string) {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone });
  return Array.from({ length: Math.ceil((toMs - fromMs) / hourMs) }, (_, at) => {
    const atMs = fromMs + at * hourMs;
    const day = dayOf.format(atMs);
    return { firstDay: day, lastDay: day, hour: new Date(atMs).toISOString(), points: [] as SeriesPoint[] };
  });
}

function daysOf(firstDay: string, lastDay: string) {
  const days: string[] = [];
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) days.push(day);
  const step = days.length > daysMax ? 7 : 1;
  const buckets: (Bucket & { points: SeriesPoint[] })[] = [];
  for (let start = 0; start < days.length; start += step) {
    const own = days.slice(start, start + step);
    buckets.push({ firstDay: own[0] ?? firstDay, lastDay: own.at(-1) ?? lastDay, hour: null, points: [] });
  }
  return buckets;
}
