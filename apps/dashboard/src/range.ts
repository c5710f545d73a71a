import { z } from 'zod';

export const ranges = ['today', '7d', '30d', '90d', '12m'] as const;
export type Range = (typeof ranges)[number];

/** What an address says when it says nothing of a range. */
export const rangeDefault: Range = '30d';

export const rangeNames: Readonly<Record<Range, string>> = {
  today: 'Today',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '12m': 'Last 12 months',
};

const daysOf: Readonly<Record<Range, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90, '12m': 365 };

export const rangeSearchSchema = {
  range: z.enum(ranges).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
};

export interface RangeSearch {
  range?: Range | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface DayRange {
  /** Both are days of the book's zone, and both are in. */
  from: string;
  to: string;
}

/** The days a search names, ending today in the book's zone unless it names both of its ends. */
export function dayRangeOf(search: RangeSearch, now: Date, timeZone: string): DayRange {
  const { from, to } = search;
  if (from !== undefined && to !== undefined && from <= to) return { from, to };
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);
  return { from: addDays(today, 1 - daysOf[search.range ?? rangeDefault]), to: today };
}

/** A calendar day so many days on; plain arithmetic of days, without zones. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
