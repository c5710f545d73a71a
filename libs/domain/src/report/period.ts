import { localDay } from '../ledger/local-day.js';

/** A span of time as reports see it: exact at both ends, and the days of a zone that it touches. */
export type ReportPeriod = {
  readonly fromMs: number;
  /** The first moment that no longer counts. */
  readonly toMs: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly zone: string;
  /** Whether it begins and ends with a day of the book's own zone: only then can it be read from sums by day. */
  readonly isWholeDays: boolean;
};

export type PeriodResult =
  | { readonly kind: 'ok'; readonly period: ReportPeriod }
  | {
      readonly kind: 'refused';
      readonly parameter: 'from' | 'to';
      readonly reason: 'ends_before_it_begins' | 'too_long';
    };

type Asked = {
  /** A day, or a moment with its zone; both as their schema has let them through. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly zone?: string | undefined;
};

/** What is read when nothing is asked for. */
const defaultDays = 30;
/** Three years and some: as many days as one answer may hold. */
export const periodDaysMax = 1_100;
const dayMs = 86_400_000;

/** Makes a period of what was asked for. Days are whole and `to` is the last of them; a moment is exact. */
export function reportPeriod(asked: Asked, bookZone: string, nowMs: number): PeriodResult {
  const zone = asked.zone ?? bookZone;
  const today = localDay(nowMs / 1000, zone);
  const toMs = asked.to === undefined ? dayStartMs(dayAfter(today, 1), zone) : endMs(asked.to, zone);
  const lastDay = localDay((toMs - 1) / 1000, zone);
  const fromMs =
    asked.from === undefined
      ? dayStartMs(dayAfter(lastDay, 1 - defaultDays), zone)
      : isDay(asked.from)
        ? dayStartMs(asked.from, zone)
        : Date.parse(asked.from);
  if (fromMs >= toMs) return { kind: 'refused', parameter: 'to', reason: 'ends_before_it_begins' };
  if (toMs - fromMs > periodDaysMax * dayMs) return { kind: 'refused', parameter: 'from', reason: 'too_long' };
  const firstDay = localDay(fromMs / 1000, zone);
  const isWhole = dayStartMs(firstDay, zone) === fromMs && dayStartMs(dayAfter(lastDay, 1), zone) === toMs;
  return { kind: 'ok', period: { fromMs, toMs, firstDay, lastDay, zone, isWholeDays: isWhole && zone === bookZone } };
}

/** The period of the same length just before. */
export function periodBefore(period: ReportPeriod): ReportPeriod {
  const { zone, firstDay, lastDay, fromMs, toMs, isWholeDays } = period;
  if (!isWholeDays) {
    const before = fromMs - (toMs - fromMs);
    const days = { firstDay: localDay(before / 1000, zone), lastDay: localDay((fromMs - 1) / 1000, zone) };
    return { fromMs: before, toMs: fromMs, ...days, zone, isWholeDays };
  }
  const days = Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / dayMs) + 1;
  const first = dayAfter(firstDay, -days);
  return {
    fromMs: dayStartMs(first, zone),
    toMs: fromMs,
    firstDay: first,
    lastDay: dayAfter(firstDay, -1),
    zone,
    isWholeDays,
  };
}

/** The first moment of a day in a zone, also where clocks are turned at midnight. */
export function dayStartMs(day: string, zone: string): number {
  // The border lies within a day of that of UTC; the day at a moment never falls back, so it can be halved towards.
  let before = Date.parse(day) - dayMs;
  let after = Date.parse(day) + dayMs;
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (localDay(middle / 1000, zone) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** The day so many days later; earlier for a negative number. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

function endMs(to: string, zone: string): number {
  return isDay(to) ? dayStartMs(dayAfter(to, 1), zone) : Date.parse(to);
}

function isDay(text: string): boolean {
  return text.length === 10;
}
