import type { ChainReader } from './ports/chain-reader.js';
import type { BlockPoint, Lease } from './ports/chain-store.js';
import type { WorkerDeps } from './worker-deps.js';

export type ResumeResult =
  | { readonly kind: 'resumed'; readonly final: BlockPoint; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: 'nothing_scanned' | 'not_frozen' }
  /** A node has another block, or none, where the books are final. */
  | { readonly kind: 'differs'; readonly final: BlockPoint; readonly node: string };

/**
 * Lets a network that was stopped be read again, by hand: once every node that is configured shows the very block up to
 * which the books are final. Nothing is rewritten; the next scan follows the chain from there. The caller holds the
 * network's lease. Throws `ChainUnavailable` when a node does not answer.
 */
export async function resumeNetwork(
  deps: Pick<WorkerDeps, 'store'>,
  lease: Lease,
  network: string,
  nodes: readonly { readonly name: string; readonly reader: Pick<ChainReader, 'headers'> }[],
): Promise<ResumeResult> {
  const cursor = await deps.store.cursor(network);
  if (!cursor) return { kind: 'refused', reason: 'nothing_scanned' };
  const { final, frozenReason } = cursor;
  if (frozenReason === null) return { kind: 'refused', reason: 'not_frozen' };
  for (const { name, reader } of nodes) {
    const [header] = await reader.headers([final.number]);
    if (header?.hash !== final.hash) return { kind: 'differs', final, node: name };
  }
  await deps.store.underLease(lease, (tx) => tx.saveCursor({ ...cursor, frozenReason: null }));
  return { kind: 'resumed', final, reason: frozenReason };
}
