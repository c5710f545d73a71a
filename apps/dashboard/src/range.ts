import { type Comparison, comparisonSchema } from '@tollbook/contract';
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

/** The same where there is no room for words. */
export const rangeShorts: Readonly<Record<Range, string>> = {
  today: 'Today',
  '7d': '7 d',
  '30d': '30 d',
  '90d': '90 d',
  '12m': '12 m',
};

const daysOf: Readonly<Record<Range, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90, '12m': 365 };

export const rangeSearchSchema = {
  range: z.enum(ranges).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cmp: comparisonSchema.optional(),
};

/** What an address says when it says nothing of a comparison. */
export const comparisonDefault: Comparison = 'prev';

export const comparisonNames: Readonly<Record<Comparison, string>> = {
  prev: 'The days before',
  year: 'A year before',
  none: 'Nothing',
};

export interface RangeSearch {
  range?: Range | undefined;
  from?: string | undefined;
  to?: string | undefined;
  cmp?: Comparison | undefined;
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
