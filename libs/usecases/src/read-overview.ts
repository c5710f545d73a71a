import {
  type comparedPeriod,
  encodeId,
  periodBefore,
  type ReportPeriod,
  type RollupOutcome,
  unverifiedReasons,
} from '@tollbook/domain';
import type { DayRow, HourRow, OverviewFacts } from './ports/report-queries.js';
import { type Previous, readPrevious, refusedIn } from './read-previous.js';
import { failureLines } from './report-failures.js';
import type { ReportDeps } from './report-revenue.js';
import { type RevenuePart, sumMoney, sumRevenue } from './sum-revenue.js';

const failuresShown = 6;

/**
 * What a merchant sees first: money, doubt and failures of a period beside the one that it is held against. Reads sums,
 * and of a comparison that ends within a day the entries of that day.
 */
export async function readOverview(
  deps: ReportDeps,
  bookId: number,
  period: ReportPeriod,
  compared: ReturnType<typeof comparedPeriod>,
  by: 'network' | 'endpoint',
) {
  const { catalog } = deps;
  const facts = await deps.reports.overview(bookId, period, periodBefore(period), by);
  const previous = compared === null ? null : await readPrevious(deps, bookId, { period, facts, compared, by });
  const names = by === 'endpoint' ? await deps.reports.endpointNames(bookId) : null;
  const current = facts.days.filter((row) => row.day >= period.firstDay);
  const success = {
    current: successOf(current, refusedIn(facts.counted, 'count')),
    previous: previous && successOf(previous.days, previous.refused),
  };
  const waitingFor = (what: OverviewFacts['waiting'][number]['what']) => {
    const rows = facts.waiting.filter((row) => row.what === what);
    return { count: rows.reduce((sum, row) => sum + row.count, 0), amounts: sumMoney(catalog, rows) };
  };
  const paidNotServed = waitingFor('paid_not_served');
  return {
    revenue: {
      current: sumRevenue(catalog, revenueOf(current)),
      previous: previous && sumRevenue(catalog, previous.revenue),
    },
    paidRequests: { current: success.current.paid, previous: previous && paidIn(previous) },
    success,
    payers: { current: facts.payers.current, previous: previous === null ? null : previous.payers },
    by,
    bucket: facts.hours === null ? ('day' as const) : ('hour' as const),
    series: seriesOf(deps, facts.hours ?? current, names),
    previousSeries: previous ? seriesOf(deps, (previous.hours ?? previous.days).map(withoutKey), null) : [],
    failures: failureLines(catalog, facts).slice(0, failuresShown),
    funnel: funnelOf(facts, success.current.paid, paidNotServed.count),
    attention: { unknown: waitingFor('unknown'), unmatched: waitingFor('unmatched'), paidNotServed },
  };
}

function paidIn({ revenue }: Previous): number {
  return revenue.reduce((sum, { count }) => sum + count, 0);
}

function withoutKey<Row extends DayRow>(row: Row): Row {
  return { ...row, key: null };
}

function revenueOf(rows: readonly DayRow[]): RevenuePart[] {
  return rows.flatMap(({ outcome, ...row }) =>
    outcome === 'confirmed' || outcome === 'final' ? [{ ...row, outcome }] : [],
  );
}

/** Of everything that was signed and came to an end: those refused at the gate failed too, as the failures say. */
function successOf(rows: readonly DayRow[], refused: number) {
  const countOf = (...outcomes: RollupOutcome[]) =>
    rows.reduce((sum, row) => (outcomes.includes(row.outcome) ? sum + row.count : sum), 0);
  const paid = countOf('confirmed', 'final');
  const failed = countOf('failed') + refused;
  return { paid, failed, rate: paid + failed === 0 ? null : paid / (paid + failed) };
}

function seriesOf(deps: ReportDeps, rows: readonly (DayRow | HourRow)[], names: ReadonlyMap<string, string> | null) {
  const points = new Map<string, (DayRow | HourRow)[]>();
  for (const row of rows) {
    const key = `${hourOf(row) ?? row.day} ${row.key}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  return [...points.values()].flatMap((point) => {
    const [first] = point;
    if (!first) return [];
    const { day, key } = first;
    const place = names
      ? { key: key === null ? null : encodeId('endpoint', key), label: names.get(key ?? '') ?? 'no endpoint' }
      : { key, label: key ?? '' };
    const time = { day, hour: hourOf(first) };
    return sumRevenue(deps.catalog, revenueOf(point)).map((revenue) => ({ ...time, ...place, ...revenue }));
  });
}

function hourOf(row: DayRow | HourRow): string | null {
  return 'hourMs' in row ? new Date(row.hourMs).toISOString() : null;
}

/** Each step holds those that came at least so far; what is on its way counts as far as it came. */
function funnelOf(facts: OverviewFacts, paid: number, notServed: number) {
  const isUnverified = (reason: string) => unverifiedReasons.some((each) => each === reason);
  const refused = facts.counted.filter((row) => row.kind === 'refused');
  const unverified = facts.failed.filter((row) => isUnverified(row.reason));
  const lost = facts.failed.filter((row) => !isUnverified(row.reason));
  const sum = (rows: readonly { readonly count: number }[]) => rows.reduce((total, row) => total + row.count, 0);
  const { claimed, sent } = facts.inFlight;
  const verified = paid + sent + sum(lost);
  const signed = verified + claimed + sum(unverified) + sum(refused);
  const offers = facts.counted.filter((row) => row.kind === 'offered');
  return [
    // Who pays without having asked first was offered the same terms all the same.
    { step: 'offered' as const, count: Math.max(sum(offers), signed), topReason: null },
    { step: 'signed' as const, count: signed, topReason: null },
    { step: 'verified' as const, count: verified, topReason: topReason([...unverified, ...refused]) },
    { step: 'settled' as const, count: paid, topReason: topReason(lost) },
    {
      step: 'served' as const,
      count: Math.max(0, paid - notServed),
      topReason: notServed > 0 ? 'paid_not_served' : null,
    },
  ];
}

function topReason(rows: readonly { readonly reason: string; readonly count: number }[]): string | null {
  const counts = new Map<string, number>();
  for (const { reason, count } of rows) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const [top] = [...counts.entries()].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return top?.[0] ?? null;
}
