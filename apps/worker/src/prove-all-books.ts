import type { DifferenceRow } from '@tollbook/domain';
import { keepProofs, proveBooks } from '@tollbook/usecases';
import type { WorkerParts } from './composition.js';
import type { RunCounts } from './schedule-runner.js';

type Parts = Pick<WorkerParts, 'nodes' | 'books' | 'deps' | 'failures' | 'logger' | 'queues'>;

/** What was proved last of each network, by this process. */
export type LastProofs = Map<string, string>;

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
  const proof = await proveBooks(
    { books, store, readerOf },
    {
      bookId: null,
      network,
      blockNumber: null,
      isExplained: true,
    },
  );
  if (proof.kind === 'refused') return { wallets: 0, differences: 0 };
  const { rows } = proof;
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
  if (said === last.get(network)) return { wallets: 0, differences: differing.length };
  const told = await keepProofs({ ...parts.deps, books }, rows, Date.now());
  if (told > 0) await parts.queues.enqueue({ kind: 'relay-outbox' });
  last.set(network, said);
  return { wallets: rows.length, differences: differing.length };
}

/** A row behind a difference, as the log tells it. */
function nameOf({ kind, effectAtomic, blockNumber, txHash, entrySeq }: DifferenceRow): string {
  const row = txHash ?? `entry ${entrySeq}`;
  return `${kind} ${effectAtomic} in block ${blockNumber}: ${row}`;
}
