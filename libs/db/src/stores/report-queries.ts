import { isByHour, rollupOutcomes } from '@tollbook/domain';
import {
  type Catalog,
  type DayRow,
  type FailureFacts,
  offerCountKinds,
  type PaymentLine,
  type ReportQueries,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbHexOrNull, fromDbTime, fromDbWord } from '../mapping/column.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { readClients } from '../queries/read-clients.js';
import { readEndpointNames } from '../queries/read-endpoint-names.js';
import { type FailedSumRow, type OfferSumRow, readFailed, readOfferCounts } from '../queries/read-failures.js';
import {
  type DaySumRow,
  readDayTotals,
  readOverviewNow,
  readPayersUntil,
  readWaiting,
} from '../queries/read-overview.js';
import { type PaymentLineRow, readPaymentLines } from '../queries/read-payment-lines.js';
import { readRevenue, readRevenueHours } from '../queries/read-revenue.js';
import { inTransaction, type Session } from '../session.js';

export type ReportQueryDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** What reports read: each call sees one book at one moment. Throws `StoreUnavailable` when the database is away. */
export function createReportQueries({ pool, catalog }: ReportQueryDeps): ReportQueries {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    revenue: async (bookId, period, by) => {
      const rows = await reading(bookId, (session) => readRevenue(session, bookId, period, by));
      return rows.map((row) => ({
        day: row.day,
        endpointId: row.endpoint_id,
        network: row.network_id === null ? null : networks.nameOf(row.network_id),
        assetId: row.asset_id,
        outcome: fromDbWord(['confirmed', 'final'], row.outcome),
        count: Number(row.count),
        amountAtomic: BigInt(row.amount_atomic),
      }));
    },
    failures: (bookId, period, previous, endpointId) =>
      reading(bookId, async (session) =>
        fromDbFailures(
          await readFailed(session, bookId, period, previous, endpointId),
          await readOfferCounts(session, bookId, period, previous, endpointId),
        ),
      ),
    clients: async (bookId, period, endpointId) => {
      const rows = await reading(bookId, (session) => readClients(session, bookId, period, endpointId));
      return rows.map(({ client, x402_version: x402Version, kind, reason, count }) => ({
        client,
        x402Version: x402Version === 1 || x402Version === 2 ? x402Version : 0,
        kind: fromDbWord(offerCountKinds, kind),
        reason,
        count: Number(count),
      }));
    },
    overview: (bookId, period, previous, by) =>
      reading(bookId, async (session) => {
        const days = await readDayTotals(session, bookId, period, previous, by);
        const hours = isByHour(period) ? await readRevenueHours(session, bookId, period, by, Date.now()) : null;
        const now = await readOverviewNow(session, bookId, period, previous);
        const waiting = await readWaiting(session, bookId);
        const failed = await readFailed(session, bookId, period, previous, null);
        const counted = await readOfferCounts(session, bookId, period, previous, null);
        return {
          ...fromDbFailures(failed, counted),
          days: days.map((row) => fromDbDay(row, networks)),
          hours: hours?.map((row) => ({ ...fromDbDay(row, networks), hourMs: row.hour.getTime() })) ?? null,
          payers: { current: Number(now?.payers ?? 0), previous: Number(now?.previous_payers ?? 0) },
          inFlight: { claimed: Number(now?.claimed ?? 0), sent: Number(now?.sent ?? 0) },
          waiting: waiting.map((row) => ({
            what: fromDbWord(['unknown', 'unmatched', 'paid_not_served'], row.what),
            assetId: row.asset_id,
            count: Number(row.count),
            amountAtomic: BigInt(row.amount_atomic),
          })),
        };
      }),
    payers: (bookId, period) => reading(bookId, (session) => readPayersUntil(session, bookId, period)),
    endpointNames: async (bookId) => {
      const rows = await reading(bookId, (session) => readEndpointNames(session, bookId));
      return new Map(rows.map(({ endpoint_id, method, path }) => [endpoint_id, `${method} ${path}`]));
    },
    paymentLines: async (bookId, period, after, limit) => {
      const rows = await reading(bookId, (session) => readPaymentLines(session, bookId, period, after, limit));
      return rows.map((row) => fromDbPaymentLine(row, networks));
    },
  };
}

function fromDbDay(row: DaySumRow, networks: NetworkIds): DayRow {
  return {
    day: row.day,
    key: row.network_id === null ? row.endpoint_id : networks.nameOf(row.network_id),
    assetId: row.asset_id,
    outcome: fromDbWord(rollupOutcomes, row.outcome),
    count: Number(row.count),
    amountAtomic: BigInt(row.amount_atomic),
  };
}

function fromDbFailures(failed: readonly FailedSumRow[], counted: readonly OfferSumRow[]): FailureFacts {
  return {
    failed: failed.map((row) => ({
      reason: row.reason,
      assetId: row.asset_id,
      count: Number(row.count),
      previousCount: Number(row.previous_count),
      amountAtomic: BigInt(row.amount_atomic),
    })),
    counted: counted.map((row) => ({
      kind: fromDbWord(offerCountKinds, row.kind),
      reason: row.reason,
      count: Number(row.count),
      previousCount: Number(row.previous_count),
    })),
  };
}

function fromDbPaymentLine(row: PaymentLineRow, networks: NetworkIds): PaymentLine {
  return {
    intentId: row.intent_id,
    invoiceYear: row.invoice_year,
    invoiceNo: row.invoice_no,
    createdAtMs: row.created_at.getTime(),
    paidAtMs: fromDbTime(row.paid_at),
    localDay: row.local_day,
    endpointId: row.endpoint_id,
    orderId: row.order_id,
    payer: fromDbHexOrNull(row.payer),
    network: networks.nameOf(row.network_id),
    assetId: row.asset_id,
    amountAtomic: BigInt(row.amount_atomic),
    paidAtomic: BigInt(row.paid_atomic),
    status: row.status,
    txHash: fromDbHexOrNull(row.tx_hash),
  };
}
