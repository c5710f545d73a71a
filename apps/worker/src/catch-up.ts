import type { WorkerParts } from './composition.js';
import type { RunCounts } from './schedule-runner.js';

/** What the queue has not done for this long is done here. */
const quietMsMax = 3_000;

type Parts = Pick<WorkerParts, 'nodes' | 'queues' | 'steps' | 'relay' | 'failures'>;

/**
 * Comes back to everything that a queue may have forgotten: asks again for scans, reconciliations and the relay, and
 * does them itself where nothing has moved for three seconds.
 */
export async function catchUp(parts: Parts): Promise<RunCounts> {
  const isDone = await Promise.all(parts.nodes.networks().map((network) => catchUpNetwork(parts, network)));
  const direct = isDone.filter(Boolean).length;
  const relayed = parts.relay.quietMs() >= quietMsMax ? await parts.relay.run() : 0;
  await parts.queues.enqueue({ kind: 'relay-outbox' });
  return { direct, relayed };
}

/** Whether it was done here. Networks go side by side: a node that is silent until its time-out holds back only its own. */
async function catchUpNetwork(parts: Parts, network: string): Promise<boolean> {
  const isDone = parts.steps.quietMs(network) >= quietMsMax && (await doDirectly(parts, network));
  await parts.queues.enqueue({ kind: 'scan-chain', network });
  await parts.queues.enqueue({ kind: 'reconcile', network });
  return isDone;
}

/** Whether this process leads the network and did it. One network's node being away does not keep the others waiting. */
async function doDirectly(parts: Parts, network: string): Promise<boolean> {
  const step = `catch-up ${network}`;
  try {
    const scan = await parts.steps.scan(network);
    await parts.steps.reconcile(network);
    parts.failures.worked(step);
    return scan.kind === 'scanned';
  } catch (error) {
    parts.failures.failed(step, error);
    return false;
  }
}
