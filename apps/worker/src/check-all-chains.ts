import type { WorkerParts } from './composition.js';

type Parts = Pick<WorkerParts, 'nodes' | 'steps' | 'failures' | 'logger'>;

/**
 * Reads every network a second time as far as that is due, one after the other: nothing waits for it. What the first
 * reading did not show is an error, every time.
 */
export async function checkAllChains({ nodes, steps, failures, logger }: Parts) {
  const counts = { found: 0, leftOut: 0, ghosts: 0, failed: 0 };
  for (const network of nodes.networks()) {
    const step = `check-chain ${network}`;
    try {
      const outcome = await steps.check(network);
      failures.worked(step);
      if (outcome.kind !== 'checked') continue;
      const { found, leftOut, ghosts } = outcome;
      if (found + ghosts > 0) logger.error({ network, found, ghosts }, 'a second reading of the chain differs');
      else if (leftOut > 0) logger.warn({ network, left_out: leftOut }, 'a node left out logs');
      counts.found += found;
      counts.leftOut += leftOut;
      counts.ghosts += ghosts;
    } catch (error) {
      failures.failed(step, error);
      counts.failed += 1;
    }
  }
  return counts;
}
