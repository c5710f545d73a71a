import { encodeId } from '@tollbook/domain';
import { checksumAddress } from '@tollbook/evm';
import { assetOf, type Catalog, type ExplainedProof } from '@tollbook/usecases';
import { atomicText } from '../atomic-text.js';
import { textTable } from '../text-table.js';

const kindTexts = {
  not_recorded: 'on chain, and not recorded',
  not_on_chain: 'booked, and not on chain',
  booked_otherwise: 'booked otherwise than on chain',
} as const;

/** Proofs as a table, and below it the rows behind each difference. */
export function proofLines(rows: readonly ExplainedProof[], catalog: Catalog): string[] {
  const numbers = ['block', 'opening', 'in', 'out', 'closing', 'on chain', 'difference'];
  const columns = [
    ...['network', 'wallet', 'asset'].map((title) => ({ title })),
    ...numbers.map((title) => ({ title, isNumber: true })),
  ];
  const cells = rows.map((row) => {
    const asset = assetOf(catalog, row.assetId);
    const amounts = [row.openingAtomic, row.inAtomic, row.outAtomic, row.closingAtomic, row.onChainAtomic];
    return [
      row.network,
      checksumAddress(row.wallet),
      asset.symbol,
      `${row.blockNumber}`,
      ...[...amounts, row.differenceAtomic].map((amount) => atomicText(amount, asset.decimals)),
    ];
  });
  return [...textTable(columns, cells), ...rows.flatMap((row) => explanationLines(row, catalog))];
}

function explanationLines(row: ExplainedProof, catalog: Catalog): string[] {
  const { explanation } = row;
  if (explanation === null) return [];
  const { decimals } = assetOf(catalog, row.assetId);
  const found = explanation.rows.map(({ kind, effectAtomic, blockNumber, txHash, position, transferId, entrySeq }) => {
    const names = [
      `block ${blockNumber}`,
      ...(txHash === null ? [] : [`transaction ${txHash} log ${position}`]),
      ...(transferId === null ? [] : [encodeId('transfer', transferId)]),
      ...(entrySeq === null ? [] : [`book ${row.bookId} entry ${entrySeq}`]),
    ];
    return `  ${atomicText(effectAtomic, decimals)}: ${kindTexts[kind]}: ${names.join(', ')}`;
  });
  const left = explanation.unexplainedAtomic;
  return [
    `${checksumAddress(row.wallet)} on ${row.network} differs by ${atomicText(row.differenceAtomic, decimals)}:`,
    ...found,
    ...(left === 0n ? [] : [`  ${atomicText(left, decimals)}: no row explains it`]),
  ];
}
