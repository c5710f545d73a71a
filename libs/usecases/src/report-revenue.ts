import { encodeId, type ReportPeriod } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import type { ReportQueries, RevenueGrouping, RevenueRow } from './ports/report-queries.js';
import { sumRevenue } from './sum-revenue.js';

export type ReportDeps = { readonly reports: ReportQueries; readonly catalog: Catalog };

/** Revenue of a period, a line for each group and currency, and the totals. Reads only. */
export async function reportRevenue(deps: ReportDeps, bookId: number, period: ReportPeriod, by: RevenueGrouping) {
  const rows = await deps.reports.revenue(bookId, period, by);
  const names = by.endpoint ? await deps.reports.endpointNames(bookId) : new Map<string, string>();
  const groups = new Map<string, RevenueRow[]>();
  for (const row of rows) {
    const key = `${row.day} ${row.endpointId} ${row.network}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const data = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { day, endpointId, network } = first;
    const place = {
      day,
      endpointId: endpointId === null ? null : encodeId('endpoint', endpointId),
      endpoint: endpointId === null ? null : (names.get(endpointId) ?? null),
      network,
    };
    return sumRevenue(deps.catalog, group).map((revenue) => ({ ...place, ...revenue }));
  });
  return { data, totals: sumRevenue(deps.catalog, rows) };
}
