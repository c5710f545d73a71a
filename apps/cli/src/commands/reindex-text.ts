import { encodeId, hexOf } from '@tollbook/domain';
import { checksumAddress } from '@tollbook/evm';
import { assetOf, type Catalog, type ExplainedProof, type ReindexFinding } from '@tollbook/usecases';
import { atomicText } from '../atomic-text.js';
import { textTable } from '../text-table.js';

/** Where a book's ledger ends. */
export type LedgerEnd = { readonly bookId: number; readonly entrySeq: bigint; readonly chainHash: Uint8Array };

const shownMax = 50;
const hashShown = 16;

/** Each row that was not what the chain says, and what became of it. */
export function findingLines(findings: readonly ReindexFinding[], isTrial: boolean): string[] {
  const lines = findings.slice(0, shownMax).map((finding) => {
    const { transfer } = finding;
    const place = `block ${transfer.blockNumber}, transaction ${transfer.txHash} log ${transfer.position}`;
    const row = finding.kind === 'missing' ? '' : `${encodeId('transfer', finding.transfer.transferId)}, `;
    return `  ${whatOf(finding, isTrial)}: ${row}${place}`;
  });
  return findings.length > shownMax ? [...lines, `  ... and ${findings.length - shownMax} more`] : lines;
}

function whatOf(finding: ReindexFinding, isTrial: boolean): string {
  switch (finding.kind) {
    case 'missing':
      return isTrial ? 'not recorded' : 'was not recorded, is booked now';
    case 'orphaned':
      return isTrial ? 'not on the chain' : 'is not on the chain, was taken back';
    case 'final_not_on_chain':
      return 'NOT on the chain, and made a payment final: left as it is';
    case 'not_told':
      return 'the node has its transaction and told no such log: left as it is';
    case 'changed':
      return `was CHANGED (${finding.columns.join(', ')}): left as it is`;
  }
}

/** The end of each ledger before and after. */
export function ledgerLines(before: readonly LedgerEnd[], after: readonly LedgerEnd[]): string[] {
  return after.map(({ bookId, entrySeq, chainHash }) => {
    const was = before.find((each) => each.bookId === bookId);
    const now = `entry ${entrySeq} (${hexOf(chainHash).slice(0, hashShown)})`;
    const isSame = was?.entrySeq === entrySeq && hexOf(was.chainHash) === hexOf(chainHash);
    if (isSame) return `Book ${bookId}: ledger unchanged at ${now}.`;
    const then = was ? `entry ${was.entrySeq} (${hexOf(was.chainHash).slice(0, hashShown)})` : 'no entry';
    return `Book ${bookId}: ledger went on from ${then} to ${now}.`;
  });
}

/** What the books said of each wallet before and say after, beside the chain. */
export function comparisonLines(
  before: readonly ExplainedProof[],
  after: readonly ExplainedProof[],
  catalog: Catalog,
): string[] {
  const columns = [
    ...['network', 'wallet', 'asset'].map((title) => ({ title })),
    ...['block', 'books before', 'books after', 'on chain', 'difference'].map((title) => ({ title, isNumber: true })),
  ];
  const cells = after.map((row) => {
    const { symbol, decimals } = assetOf(catalog, row.assetId);
    const was = before.find((each) => each.walletId === row.walletId && each.assetId === row.assetId);
    const amounts = [row.closingAtomic, row.onChainAtomic, row.differenceAtomic];
    const [closing = '', ...rest] = amounts.map((amount) => atomicText(amount, decimals));
    const then = was ? atomicText(was.closingAtomic, decimals) : '-';
    return [row.network, checksumAddress(row.wallet), symbol, `${row.blockNumber}`, then, closing, ...rest];
  });
  return cells.length === 0 ? [] : textTable(columns, cells);
}
