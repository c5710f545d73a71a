import { type comparedPeriod, dayStartMs, type ReportPeriod } from '@tollbook/domain';
import type { DayRow, HourRow, OverviewFacts } from './ports/report-queries.js';
import type { ReportDeps } from './report-revenue.js';
import type { RevenuePart } from './sum-revenue.js';

export type Compared = NonNullable<ReturnType<typeof comparedPeriod>>;

/** What a period is held against. */
export type Previous = {
  /** Of all its days, also those that a running period has not come to yet: the shape of its time. */
  readonly days: readonly DayRow[];
  readonly hours: readonly HourRow[] | null;
  /** As far as the running period has come. */
  readonly revenue: readonly RevenuePart[];
  readonly payers: number;
  /** Of all its days: those that the gate refused, whose attempts nobody kept. */
  readonly refused: number;
};

type Question = {
  readonly period: ReportPeriod;
  /** Read of the period, and of the one just before it. */
  readonly facts: OverviewFacts;
  readonly compared: Compared;
  readonly by: 'network' | 'endpoint';
};

/** Reads what a period is held against, to the moment that the period has come to. */
export async function readPrevious(deps: ReportDeps, bookId: number, question: Question): Promise<Previous> {
  const { compared } = question;
  const { days, hours, payers, refused } = await readDays(deps, bookId, question);
  const revenue = days.flatMap(({ outcome, ...row }) =>
    outcome === 'confirmed' || outcome === 'final' ? [{ ...row, outcome }] : [],
  );
  const { elapsed } = compared;
  if (elapsed.isWholeDays) return { days, hours, revenue, payers, refused };
  // The last day is told by its entries, as far as it counts.
  const { lastDay } = elapsed;
  const rest = { ...elapsed, fromMs: dayStartMs(lastDay, elapsed.zone), firstDay: lastDay };
  const begun = await deps.reports.revenue(bookId, rest, { day: false, endpoint: false, network: false });
  return {
    days,
    hours,
    refused,
    revenue: [...revenue.filter(({ day }) => day < lastDay), ...begun],
    payers: await deps.reports.payers(bookId, elapsed),
  };
}

async function readDays(deps: ReportDeps, bookId: number, { period, facts, compared, by }: Question) {
  const { days } = compared;
  if (days.toMs === period.fromMs && facts.hours === null) {
    const before = facts.days.filter(({ day }) => day < period.firstDay);
    const refused = refusedIn(facts.counted, 'previousCount');
    return { days: before, hours: null, payers: facts.payers.previous, refused };
  }
  const then = await deps.reports.overview(bookId, days, days, by);
  return {
    days: then.days.filter(({ day }) => day >= days.firstDay),
    hours: then.hours,
    payers: then.payers.current,
    refused: refusedIn(then.counted, 'count'),
  };
}

/** How many signed payments the gate refused. */
export function refusedIn(counted: OverviewFacts['counted'], of: 'count' | 'previousCount'): number {
  return counted.reduce((sum, row) => (row.kind === 'refused' ? sum + row[of] : sum), 0);
}
