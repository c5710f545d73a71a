import { encodeId, failureToTell, formatDecimal, invoiceIdText, type Mode } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { IntentRecord } from './ports/records.js';

/** How a network spells an address for people (checksummed on EVM). */
export type FormatAddress = (network: string, address: string) => string;

export type ViewContext = {
  readonly mode: Mode;
  readonly catalog: Catalog;
  readonly formatAddress: FormatAddress;
};

/** A payment intent as the merchant API and webhook bodies show it; null where not known yet. */
export function toPaymentIntentView(intent: IntentRecord, context: ViewContext) {
  const asset = assetOf(context.catalog, intent.assetId);
  const isoOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  // What paid, else what was sent: a transfer that its amount names has no attempt.
  const paying = intent.allocations.find(({ bucket }) => bucket === 'payment');
  const shown = [...intent.attempts].reverse().find((attempt) => attempt.txHash !== null);
  return {
    id: encodeId('intent', intent.intentId),
    invoiceId: invoiceIdText(intent.invoiceId),
    invoiceNumber: invoiceNumber(intent.invoiceYear, intent.invoiceNo),
    mode: context.mode,
    status: intent.status,
    failureReason: failureToTell(intent),
    amount: formatDecimal(intent.amountAtomic, asset.decimals),
    amountAtomic: intent.amountAtomic.toString(),
    asset: asset.symbol,
    network: intent.network,
    endpointId: intent.endpointId === null ? null : encodeId('endpoint', intent.endpointId),
    payer: intent.payer === null ? null : context.formatAddress(intent.network, intent.payer),
    txHash: paying?.txHash ?? shown?.txHash ?? null,
    amountRefunded: formatDecimal(intent.amountRefundedAtomic, asset.decimals),
    discrepancies: [...intent.openDiscrepancies],
    metadata: intent.metadata,
    createdAt: new Date(intent.createdAtMs).toISOString(),
    confirmedAt: isoOf(intent.confirmedAtMs),
    finalAt: isoOf(intent.finalAtMs),
  };
}

/** `INV-2026-000123`, or null before money was confirmed. */
export function invoiceNumber(year: number | null, no: number | null): string | null {
  return year === null || no === null ? null : `INV-${year}-${String(no).padStart(6, '0')}`;
}
