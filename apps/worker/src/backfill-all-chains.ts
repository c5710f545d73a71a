import type { WorkerParts } from './composition.js';

type Parts = Pick<WorkerParts, 'nodes' | 'steps' | 'failures'>;

/** Reads older blocks of wallets that were added after them, network by network; live blocks have their turns between. */
export async function backfillAllChains({ nodes, steps, failures }: Parts) {
  const counts = { blocks: 0, transfers: 0, failed: 0 };
  for (const network of nodes.networks()) {
    const step = `backfill ${network}`;
    try {
      const outcome = await steps.backfill(network);
      failures.worked(step);
      if (outcome.kind !== 'filled') continue;
      counts.blocks += outcome.blocks;
      counts.transfers += outcome.transfers;
    } catch (error) {
      failures.failed(step, error);
      counts.failed += 1;
    }
  }
  return counts;
}
