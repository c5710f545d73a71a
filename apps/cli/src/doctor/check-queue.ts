import { createQueues, type QueueBackend } from '@tollbook/queue';
import { reasonOf } from '../explain-error.js';
import { type Finding, fail, ok } from './finding.js';

const silent = { info: () => undefined, warn: () => undefined };

export type QueueCheck = {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** Where the running Tollbook has its jobs; null while none runs. */
  readonly runningBackend: QueueBackend['kind'] | null;
};

/** Whether the job queue answers, and how much lies in it. */
export async function checkQueue({ databaseUrl, redisUrl, runningBackend }: QueueCheck): Promise<Finding[]> {
  const other = explainOtherQueue(redisUrl === undefined ? 'postgres' : 'redis', runningBackend);
  if (other !== null) return [other];
  const backend =
    redisUrl === undefined
      ? ({ kind: 'postgres', url: databaseUrl, role: 'tollbook_worker' } as const)
      : ({ kind: 'redis', url: redisUrl } as const);
  const where = backend.kind === 'redis' ? 'Redis' : 'PostgreSQL';
  const queues = createQueues({ backend, log: silent });
  try {
    const counts = await queues.counts();
    const told = Object.entries(counts).map(
      ([name, { waiting, failed }]) => `${name} ${waiting} waiting, ${failed} failed`,
    );
    return [ok('queue', `in ${where}: ${told.join('; ')}`)];
  } catch (error) {
    const advice =
      backend.kind === 'redis' ? 'Start Redis, or correct REDIS_URL.' : 'Start Tollbook once: it makes the queue.';
    return [fail('queue', `in ${where} does not answer: ${reasonOf(error)}`, advice)];
  } finally {
    await queues.close();
  }
}

/** The queue of our own settings is not the one in use: whatever lies in it, or does not, says nothing. */
function explainOtherQueue(own: QueueBackend['kind'], running: QueueCheck['runningBackend']): Finding | null {
  if (running === null || running === own) return null;
  return running === 'redis'
    ? fail('queue', 'the running Tollbook queues on Redis', 'Set REDIS_URL as it does.')
    : fail(
        'queue',
        'the running Tollbook queues in PostgreSQL',
        'Unset REDIS_URL, as it does, or restart it with that.',
      );
}
