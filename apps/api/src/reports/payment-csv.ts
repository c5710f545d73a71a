import { encodeId, formatDecimal, type ReportPeriod } from '@tollbook/domain';
import { assetOf, invoiceNumber, type PaymentLine } from '@tollbook/usecases';
import type { ApiParts } from '../composition.js';
import { csvLine } from './csv-line.js';
import { zonedTime } from './zoned-time.js';

/** Lines that one statement reads. */
const pageMax = 1_000;

/** Names of the file's columns. */
export const paymentColumns = [
  ...['invoice_number', 'payment_id', 'created_at', 'paid_at', 'accounting_day', 'zone', 'endpoint', 'order_id'],
  ...['payer', 'network', 'asset', 'amount', 'paid', 'status', 'tx_hash'],
];

type Parts = Pick<ApiParts, 'reports' | 'catalog' | 'formatAddress'>;

/** Every payment that was made in a period, one a line, oldest first. The next page is read when this one was sent. */
export async function* paymentCsv(
  parts: Parts,
  bookId: number,
  period: ReportPeriod,
  endpointNames: ReadonlyMap<string, string>,
): AsyncIterable<string> {
  yield csvLine(paymentColumns);
  let after: string | null = null;
  for (;;) {
    const page: readonly PaymentLine[] = await parts.reports.paymentLines(bookId, period, after, pageMax);
    for (const payment of page) yield lineOf(parts, payment, period.zone, endpointNames);
    const last = page[page.length - 1];
    if (!last || page.length < pageMax) return;
    after = last.intentId;
  }
}

function lineOf(
  { catalog, formatAddress }: Parts,
  payment: PaymentLine,
  zone: string,
  endpointNames: ReadonlyMap<string, string>,
): string {
  const asset = assetOf(catalog, payment.assetId);
  return csvLine([
    invoiceNumber(payment.invoiceYear, payment.invoiceNo),
    encodeId('intent', payment.intentId),
    zonedTime(payment.createdAtMs, zone),
    payment.paidAtMs === null ? null : zonedTime(payment.paidAtMs, zone),
    payment.localDay,
    zone,
    payment.endpointId === null ? null : (endpointNames.get(payment.endpointId) ?? null),
    payment.orderId,
    payment.payer === null ? null : formatAddress(payment.network, payment.payer),
    payment.network,
    asset.symbol,
    formatDecimal(payment.amountAtomic, asset.decimals),
    formatDecimal(payment.paidAtomic, asset.decimals),
    payment.status,
    payment.txHash,
  ]);
}
