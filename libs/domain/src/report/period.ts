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
  // A zone has several names, and each in any case; the book's own keeps the one it has there.
  const isOwn = asked.zone === undefined || zoneName(asked.zone) === zoneName(bookZone);
  const zone = isOwn ? bookZone : zoneName(asked.zone ?? bookZone);
  const today = localDay(nowMs / 1000, zone);
  const toMs = asked.to === undefined ? dayStartMs(dayAfter(today, 1), zone) : endMs(asked.to, zone);
  const lastDay = localDay((toMs - 1) / 1000, zone);
  const fromMs =
    asked.from === undefined
      ? dayStartMs(dayAfter(lastDay, 1 - defaultDays), zone)
      : isDay(asked.from)
        ? dayStartMs(asked.from, zone)
        : Date.parse(asked.from);
  // Today ends where no end was asked for: then it is the beginning that is wrong.
  if (fromMs >= toMs) {
    return { kind: 'refused', parameter: asked.to === undefined ? 'from' : 'to', reason: 'ends_before_it_begins' };
  }
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
  const days = daysBetween(firstDay, lastDay) + 1;
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

/** What a period is held against: the days just before it, the same days a year before, or nothing. */
export type Comparison = 'prev' | 'year' | 'none';

/**
 * The period that one of whole days is held against. `days` are as many as its own; `elapsed` ends where the period
 * has come to by now, which is before their end while it still runs.
 */
export function comparedPeriod(
  period: ReportPeriod,
  comparison: Comparison,
  nowMs: number,
): { readonly days: ReportPeriod; readonly elapsed: ReportPeriod } | null {
  if (comparison === 'none') return null;
  const days = comparison === 'prev' ? periodBefore(period) : yearBefore(period);
  const { zone, firstDay } = period;
  if (nowMs < period.fromMs || nowMs >= period.toMs) return { days, elapsed: days };
  const today = localDay(nowMs / 1000, zone);
  const cutDay = dayAfter(days.firstDay, daysBetween(firstDay, today));
  // By the clock on the wall, and never into the next day where clocks are turned.
  const cutMs = Math.min(
    dayStartMs(cutDay, zone) + (nowMs - dayStartMs(today, zone)),
    dayStartMs(dayAfter(cutDay, 1), zone),
  );
  if (cutMs >= days.toMs) return { days, elapsed: days };
  return { days, elapsed: { ...days, toMs: cutMs, lastDay: cutDay, isWholeDays: false } };
}

function yearBefore(period: ReportPeriod): ReportPeriod {
  const { zone, firstDay, lastDay } = period;
  const first = aYearBefore(firstDay);
  const last = dayAfter(first, daysBetween(firstDay, lastDay));
  const [fromMs, toMs] = [dayStartMs(first, zone), dayStartMs(dayAfter(last, 1), zone)];
  return { ...period, fromMs, toMs, firstDay: first, lastDay: last };
}

/** The twenty-ninth of February is held against the twenty-eighth. */
function aYearBefore(day: string): string {
  const before = `${(Number(day.slice(0, 4)) - 1).toString().padStart(4, '0')}${day.slice(4)}`;
  return before.endsWith('02-29') ? `${before.slice(0, 8)}28` : before;
}

function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / dayMs);
}

/** Whether a period is so short that its revenue is shown hour by hour: two days at most. */
export function isByHour({ firstDay, lastDay }: Pick<ReportPeriod, 'firstDay' | 'lastDay'>): boolean {
  return dayAfter(firstDay, 1) >= lastDay;
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

/** The one name that a zone is known by here. */
function zoneName(zone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}

function endMs(to: string, zone: string): number {
  return isDay(to) ? dayStartMs(dayAfter(to, 1), zone) : Date.parse(to);
}

function isDay(text: string): boolean {
  return text.length === 10;
}
