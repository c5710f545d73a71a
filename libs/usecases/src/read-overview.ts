import { encodeId, type ReportPeriod, type RollupOutcome, unverifiedReasons } from '@tollbook/domain';
import type { DayRow, OverviewFacts } from './ports/report-queries.js';
import { failureLines } from './report-failures.js';
import type { ReportDeps } from './report-revenue.js';
import { type RevenuePart, sumMoney, sumRevenue } from './sum-revenue.js';

const failuresShown = 6;

/** What a merchant sees first: money, doubt and failures of a period beside the one before. Reads sums only. */
export async function readOverview(
  deps: ReportDeps,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
  by: 'network' | 'endpoint',
) {
  const { catalog } = deps;
  const facts = await deps.reports.overview(bookId, period, previous, by);
  const names = by === 'endpoint' ? await deps.reports.endpointNames(bookId) : null;
  const current = facts.days.filter((row) => row.day >= period.firstDay);
  const before = facts.days.filter((row) => row.day < period.firstDay);
  const success = { current: successOf(current), previous: successOf(before) };
  const waitingFor = (what: OverviewFacts['waiting'][number]['what']) => {
    const rows = facts.waiting.filter((row) => row.what === what);
    return { count: rows.reduce((sum, row) => sum + row.count, 0), amounts: sumMoney(catalog, rows) };
  };
  const paidNotServed = waitingFor('paid_not_served');
  return {
    revenue: { current: sumRevenue(catalog, revenueOf(current)), previous: sumRevenue(catalog, revenueOf(before)) },
    paidRequests: { current: success.current.paid, previous: success.previous.paid },
    success,
    payers: facts.payers,
    by,
    series: seriesOf(deps, current, names),
    failures: failureLines(catalog, facts).slice(0, failuresShown),
    funnel: funnelOf(facts, success.current.paid, paidNotServed.count),
    attention: { unknown: waitingFor('unknown'), unmatched: waitingFor('unmatched'), paidNotServed },
  };
}

function revenueOf(rows: readonly DayRow[]): RevenuePart[] {
  return rows.flatMap(({ outcome, ...row }) =>
    outcome === 'confirmed' || outcome === 'final' ? [{ ...row, outcome }] : [],
  );
}

function successOf(rows: readonly DayRow[]) {
  const countOf = (...outcomes: RollupOutcome[]) =>
    rows.reduce((sum, row) => (outcomes.includes(row.outcome) ? sum + row.count : sum), 0);
  const paid = countOf('confirmed', 'final');
  const failed = countOf('failed');
  return { paid, failed, rate: paid + failed === 0 ? null : paid / (paid + failed) };
}

function seriesOf(deps: ReportDeps, rows: readonly DayRow[], names: ReadonlyMap<string, string> | null) {
  const points = new Map<string, DayRow[]>();
  for (const row of rows) {
    const key = `${row.day} ${row.key}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  return [...points.values()].flatMap((point) => {
    const [first] = point;
    if (!first) return [];
    const { day, key } = first;
    const place = names
      ? { key: key === null ? null : encodeId('endpoint', key), label: names.get(key ?? '') ?? 'no endpoint' }
      : { key, label: key ?? '' };
    return sumRevenue(deps.catalog, revenueOf(point)).map((revenue) => ({ day, ...place, ...revenue }));
  });
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
