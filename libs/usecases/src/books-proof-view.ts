import { encodeId } from '@tollbook/domain';
import type { FormatAddress } from './payment-intent-view.js';
import type { ExplainedProof } from './prove-books.js';

/** A proof as `/v1` and webhooks show it. Amounts are atomic units as text. */
export function toBooksProofView(row: ExplainedProof, formatAddress: FormatAddress) {
  const { explanation } = row;
  return {
    network: row.network,
    wallet: formatAddress(row.network, row.wallet),
    asset: formatAddress(row.network, row.contract),
    block: Number(row.blockNumber),
    blockHash: row.blockHash,
    from: row.fromNumber === null ? null : Number(row.fromNumber),
    opening: row.openingAtomic.toString(),
    in: row.inAtomic.toString(),
    out: row.outAtomic.toString(),
    closing: row.closingAtomic.toString(),
    onChain: row.onChainAtomic.toString(),
    difference: row.differenceAtomic.toString(),
    explanation: explanation && {
      rows: explanation.rows.map(toDifferenceView),
      unexplained: explanation.unexplainedAtomic.toString(),
    },
  };
}

function toDifferenceView(row: NonNullable<ExplainedProof['explanation']>['rows'][number]) {
  return {
    kind: row.kind,
    effect: row.effectAtomic.toString(),
    block: Number(row.blockNumber),
    txHash: row.txHash,
    position: row.position,
    transferId: row.transferId === null ? null : encodeId('transfer', row.transferId),
    entry: row.entrySeq === null ? null : Number(row.entrySeq),
  };
}
