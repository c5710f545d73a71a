import type { DifferenceRow } from '@tollbook/domain';
import { type ExplainedProof, explainProof, keepProofs, type ProofExplanation, proveBooks } from '@tollbook/usecases';
import type { WorkerParts } from './composition.js';
import type { RunCounts } from './schedule-runner.js';

type Parts = Pick<WorkerParts, 'nodes' | 'books' | 'deps' | 'failures' | 'logger' | 'queues'>;

/** What was proved last by this process: of each network, and why a wallet's token differs. */
export type LastProofs = {
  readonly said: Map<string, string>;
  readonly reasons: Map<string, { readonly differenceAtomic: bigint; readonly explanation: ProofExplanation }>;
};

/** Nothing was proved yet. */
export function noProofs(): LastProofs {
  return { said: new Map(), reasons: new Map() };
}

/**
 * Compares the books with the chain at each network's newest final block and keeps the proofs. A proof that says what
 * the last one said, as on a chain that rests, is not kept again. A difference is an error, every time.
 */
export async function proveAllBooks(parts: Parts, last: LastProofs): Promise<RunCounts> {
  const counts = { wallets: 0, differences: 0, failed: 0 };
  for (const network of parts.nodes.networks()) {
    const step = `books-proof ${network}`;
    try {
      const proved = await proveNetwork(parts, last, network);
      counts.wallets += proved.wallets;
      counts.differences += proved.differences;
      parts.failures.worked(step);
    } catch (error) {
      parts.failures.failed(step, error);
      counts.failed += 1;
    }
  }
  return counts;
}

async function proveNetwork(parts: Parts, last: LastProofs, network: string) {
  const { books } = parts;
  const { store, readerOf } = parts.deps;
  const proof = await proveBooks({ books, store, readerOf }, { bookId: null, network, blockNumber: null });
  if (proof.kind === 'refused') return { wallets: 0, differences: 0 };
  const rows = await explainNew(parts, last, proof.rows);
  // Told before it is kept: an alarm does not wait for the database.
  const differing = rows.filter((row) => row.differenceAtomic !== 0n);
  for (const row of differing) {
    const { bookId, wallet, assetId, blockNumber, closingAtomic, onChainAtomic, differenceAtomic } = row;
    const fields = { book_id: bookId, network, wallet, asset_id: assetId, block: `${blockNumber}` };
    const rowsBehind = row.explanation?.rows ?? [];
    const amounts = { closing: `${closingAtomic}`, on_chain: `${onChainAtomic}`, difference: `${differenceAtomic}` };
    parts.logger.error({ ...fields, ...amounts, explained_by: rowsBehind.map(nameOf) }, 'books proof differs');
  }
  const said = rows
    .map((row) => [row.walletId, row.assetId, row.blockHash, row.closingAtomic, row.onChainAtomic])
    .join();
  if (said === last.said.get(network)) return { wallets: 0, differences: differing.length };
  const told = await keepProofs({ ...parts.deps, books }, rows, Date.now());
  if (told > 0) await parts.queues.enqueue({ kind: 'relay-outbox' });
  last.said.set(network, said);
  return { wallets: rows.length, differences: differing.length };
}

/** Looking for the rows behind a difference reads the chain again, so it is done once for each that is new. */
async function explainNew(
  { books, deps }: Parts,
  { reasons }: LastProofs,
  rows: readonly ExplainedProof[],
): Promise<readonly ExplainedProof[]> {
  const explained: ExplainedProof[] = [];
  for (const row of rows) {
    const key = `${row.walletId} ${row.assetId}`;
    const reader = deps.readerOf(row.network);
    if (row.differenceAtomic === 0n) reasons.delete(key);
    if (row.differenceAtomic === 0n || !reader) {
      explained.push(row);
      continue;
    }
    const known = reasons.get(key);
    const isKnown = known?.differenceAtomic === row.differenceAtomic;
    const explanation = isKnown ? known.explanation : await explainProof({ books, reader }, row);
    reasons.set(key, { differenceAtomic: row.differenceAtomic, explanation });
    explained.push({ ...row, explanation });
  }
  return explained;
}

/** A row behind a difference, as the log tells it. */
function nameOf({ kind, effectAtomic, blockNumber, txHash, entrySeq }: DifferenceRow): string {
  const row = txHash ?? `entry ${entrySeq}`;
  return `${kind} ${effectAtomic} in block ${blockNumber}: ${row}`;
}
