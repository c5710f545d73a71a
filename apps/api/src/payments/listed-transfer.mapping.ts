import type { ListedTransfer as ApiListedTransfer } from '@tollbook/contract';
import { encodeId, formatDecimal } from '@tollbook/domain';
import { assetOf, type ListedTransfer, type ViewContext } from '@tollbook/usecases';

/** A transfer of the list as `/v1` shows it. */
export function toApiListedTransfer(
  transfer: ListedTransfer,
  { catalog, formatAddress }: Pick<ViewContext, 'catalog' | 'formatAddress'>,
): ApiListedTransfer {
  const asset = assetOf(catalog, transfer.assetId);
  const { network, fromWalletId, toWalletId } = transfer;
  const amountOf = (atomic: bigint) => ({
    amount: formatDecimal(atomic, asset.decimals),
    amountAtomic: atomic.toString(),
  });
  return {
    id: encodeId('transfer', transfer.transferId),
    network,
    txHash: transfer.txHash,
    blockNumber: Number(transfer.blockNumber),
    blockHash: transfer.blockHash,
    blockTime: new Date(transfer.blockTimeUnixSeconds * 1000).toISOString(),
    from: formatAddress(network, transfer.from),
    to: formatAddress(network, transfer.to),
    ...amountOf(transfer.amountAtomic),
    stage: transfer.stage,
    asset: asset.symbol,
    direction: fromWalletId === null ? 'in' : toWalletId === null ? 'out' : 'own',
    allocations: transfer.allocations.map(({ bucket, intentId, matchedBy, amountAtomic }) => ({
      bucket,
      paymentId: intentId === null ? null : encodeId('intent', intentId),
      matchedBy,
      ...amountOf(amountAtomic),
    })),
    discrepancyIds: transfer.discrepancyIds.map((id) => encodeId('discrepancy', id)),
  };
}
