import { encodeId, formatDecimal } from '@tollbook/domain';
import { assetOf } from './catalog.js';
import type { ViewContext } from './payment-intent-view.js';
import type { RefundRecord } from './ports/records.js';

/** A refund as `/v1` and webhooks show it. */
export function toRefundView(refund: RefundRecord, { catalog, formatAddress }: Omit<ViewContext, 'mode'>) {
  const asset = assetOf(catalog, refund.assetId);
  return {
    id: encodeId('refund', refund.refundId),
    paymentId: encodeId('intent', refund.intentId),
    status: refund.status,
    amount: formatDecimal(refund.amountAtomic, asset.decimals),
    amountAtomic: refund.amountAtomic.toString(),
    asset: asset.symbol,
    network: refund.network,
    to: formatAddress(refund.network, refund.to),
    txHash: refund.txHash ?? refund.namedTxHash,
    transferId: refund.transferId === null ? null : encodeId('transfer', refund.transferId),
    reason: refund.reason,
    createdAt: new Date(refund.createdAtMs).toISOString(),
  };
}
