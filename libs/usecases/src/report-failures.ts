import { failureFixer, type ReportPeriod } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import type { FailureFacts } from './ports/report-queries.js';
import type { ReportDeps } from './report-revenue.js';
import { sumMoney } from './sum-revenue.js';

/** Why buyers failed to pay, the most frequent reason first, and who can do something about it. Reads only. */
export async function reportFailures(
  deps: ReportDeps,
  bookId: number,
  period: ReportPeriod,
  previous: ReportPeriod,
  endpointId: string | null,
) {
  return failureLines(deps.catalog, await deps.reports.failures(bookId, period, previous, endpointId));
}

/** One line a reason: attempts that failed, and payments that were refused before they became one. */
export function failureLines(catalog: Catalog, facts: FailureFacts) {
  const refused = facts.counted.filter((row) => row.kind === 'refused');
  const reasons = [...new Set([...facts.failed, ...refused].map((row) => row.reason))];
  const lines = reasons.map((reason) => {
    const attempts = facts.failed.filter((row) => row.reason === reason);
    const counts = refused.filter((row) => row.reason === reason);
    const failed = sumOf(attempts, (row) => row.count);
    const refusals = sumOf(counts, (row) => row.count);
    return {
      reason,
      fixer: failureFixer(reason),
      count: failed + refusals,
      failed,
      refused: refusals,
      previousCount: sumOf([...attempts, ...counts], (row) => row.previousCount),
      amounts: sumMoney(catalog, attempts),
    };
  });
  return lines.filter((line) => line.count > 0).sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

function sumOf<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + read(row), 0);
}
