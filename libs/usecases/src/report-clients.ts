import type { ReportPeriod } from '@tollbook/domain';
import type { ClientCountRow, ReportQueries } from './ports/report-queries.js';

export type ClientEnds = {
  readonly refused: number;
  readonly failed: number;
  readonly unknown: number;
  readonly paid: number;
};

/** What became of one family of clients. */
export type ClientLine = ClientEnds & {
  readonly client: string;
  readonly offered: number;
  /** It asked or tried often enough (`callsMin`) to tell, and never paid. */
  readonly neverPays: boolean;
  /** Why its payments most often came to nothing. */
  readonly topReason: string | null;
  /** By the version that its payments spoke; 0 where not even the header said one. */
  readonly versions: readonly (ClientEnds & { readonly x402Version: 0 | 1 | 2 })[];
};

/** Offers and tries together: somebody who looked once has not been kept from paying. */
const callsMin = 3;

/** Which kinds of client are offered something, try, and pay: those that never do first. Reads only. */
export async function reportClients(
  deps: { readonly reports: Pick<ReportQueries, 'clients'> },
  bookId: number,
  period: ReportPeriod,
  endpointId: string | null,
): Promise<readonly ClientLine[]> {
  return clientLines(await deps.reports.clients(bookId, period, endpointId));
}

export function clientLines(rows: readonly ClientCountRow[]): readonly ClientLine[] {
  const clients = [...new Set(rows.map((row) => row.client))];
  const lines = clients.map((client): ClientLine => {
    const own = rows.filter((row) => row.client === client);
    const ends = endsOf(own);
    const versions = ([0, 1, 2] as const)
      .map((x402Version) => ({ x402Version, ...endsOf(own.filter((row) => row.x402Version === x402Version)) }))
      .filter(({ refused, failed, unknown, paid }) => refused + failed + unknown + paid > 0);
    const offered = sumOf(own, 'offered');
    const calls = offered + ends.refused + ends.failed + ends.unknown;
    const neverPays = ends.paid === 0 && calls >= callsMin;
    return { client, offered, ...ends, neverPays, topReason: topReasonOf(own), versions };
  });
  const weight = ({ offered, refused, failed, unknown, paid }: ClientLine) =>
    offered + refused + failed + unknown + paid;
  return lines.sort(
    (a, b) => Number(b.neverPays) - Number(a.neverPays) || weight(b) - weight(a) || (a.client < b.client ? -1 : 1),
  );
}

function endsOf(rows: readonly ClientCountRow[]): ClientEnds {
  return {
    refused: sumOf(rows, 'refused'),
    failed: sumOf(rows, 'failed'),
    unknown: sumOf(rows, 'unknown'),
    paid: sumOf(rows, 'paid'),
  };
}

function sumOf(rows: readonly ClientCountRow[], kind: ClientCountRow['kind']): number {
  return rows.reduce((sum, row) => sum + (row.kind === kind ? row.count : 0), 0);
}

function topReasonOf(rows: readonly ClientCountRow[]): string | null {
  const counts = new Map<string, number>();
  for (const { kind, reason, count } of rows) {
    if (kind === 'refused' || kind === 'failed') counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  const [top] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return top?.[0] ?? null;
}
