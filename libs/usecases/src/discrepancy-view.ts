import { assert, encodeId, formatDecimal, resolutionsByHand } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { DiscrepancyRecord } from './ports/payment-queries.js';

/** A discrepancy as `/v1` and webhooks show it. */
export function toDiscrepancyView(record: DiscrepancyRecord, catalog: Catalog) {
  assert(record.assetId !== null, 'a discrepancy is about a payment or a transfer, and those have an asset');
  const asset = assetOf(catalog, record.assetId);
  return {
    id: encodeId('discrepancy', record.discrepancyId),
    kind: record.kind,
    intentId: record.intentId === null ? null : encodeId('intent', record.intentId),
    transferId: record.transferId === null ? null : encodeId('transfer', record.transferId),
    amount: formatDecimal(record.amountAtomic, asset.decimals),
    amountAtomic: record.amountAtomic.toString(),
    asset: asset.symbol,
    openedAt: new Date(record.openedAtMs).toISOString(),
    closedAt: record.closedAtMs === null ? null : new Date(record.closedAtMs).toISOString(),
    resolution: record.resolution,
    note: record.note,
    assignee: record.assignee === null ? null : { id: record.assignee.userId, name: record.assignee.name },
    resolutionsByHand: [...resolutionsByHand(record.kind)],
  };
}
