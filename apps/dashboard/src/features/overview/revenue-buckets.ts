import type { SeriesPoint } from '@tollbook/contract';
import { addDays } from '../../range.js';

/** Up to this many days each has a bar of its own; beyond it, each week. */
const daysMax = 92;

export interface RevenueBucket {
  firstDay: string;
  lastDay: string;
  /** By the key of the series. */
  amountsAtomic: ReadonlyMap<string, bigint>;
  totalAtomic: bigint;
}

/** The key that points without one are drawn under. */
export const noKey = 'none';

/** The bars of one asset over a period: every day or week is there, also those in which nothing came. */
export function revenueBuckets(
  points: readonly SeriesPoint[],
  asset: string,
  firstDay: string,
  lastDay: string,
): RevenueBucket[] {
  const days = daysBetween(firstDay, lastDay);
  const step = days.length > daysMax ? 7 : 1;
  const byDay = new Map<string, SeriesPoint[]>();
  for (const point of points) {
    if (point.asset === asset) byDay.set(point.day, [...(byDay.get(point.day) ?? []), point]);
  }
  const buckets: RevenueBucket[] = [];
  for (let start = 0; start < days.length; start += step) {
    const own = days.slice(start, start + step);
    const amountsAtomic = new Map<string, bigint>();
    let totalAtomic = 0n;
    for (const point of own.flatMap((day) => byDay.get(day) ?? [])) {
      const amountAtomic = BigInt(point.totalAtomic);
      const key = point.key ?? noKey;
      amountsAtomic.set(key, (amountsAtomic.get(key) ?? 0n) + amountAtomic);
      totalAtomic += amountAtomic;
    }
    buckets.push({ firstDay: own[0] ?? firstDay, lastDay: own.at(-1) ?? lastDay, amountsAtomic, totalAtomic });
  }
  return buckets;
}

function daysBetween(firstDay: string, lastDay: string): string[] {
  const days: string[] = [];
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) days.push(day);
  return days;
}
