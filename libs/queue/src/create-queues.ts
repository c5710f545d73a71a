import type { Connections, QueueBackend } from './backend.js';
import { type RunningWorkers, type StartWorkersOptions, startConsumers } from './consumer.js';
import { type Job, type JobHandlers, type JobKind, type QueueName, toStoredJob } from './job.js';
import { connectPostgres } from './postgres-connections.js';
import { Producer, type QueueCounts } from './producer.js';
import type { QueueLog } from './queue-log.js';
import { connectRedis } from './redis-connections.js';
import { withinTime } from './within-time.js';

/** The queues of one process. PostgreSQL's rows say what is due; a job in a queue only says when to look. */
export type Queues = {
  /**
   * Hints that a job is to be done. Never throws on trouble with the queue and takes a second at most: schedules do
   * what a lost hint was for. Throws on a payload that its schema refuses.
   */
  enqueue(job: Job): Promise<void>;
  /** Starts doing jobs. Throws when a kind has no handler or the backend does not answer within ten seconds. */
  startWorkers(handlers: JobHandlers, options: StartWorkersOptions): Promise<RunningWorkers>;
  /** Jobs by queue and state; throws when the backend does not answer. */
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  /** Closes workers and connections; jobs that still run after five seconds are left to be taken over. */
  close(): Promise<void>;
};

export type QueuesOptions = {
  readonly backend: QueueBackend;
  readonly log: QueueLog;
  /** Told of each hint that was lost, for a metric. */
  readonly onLostHint?: (kind: JobKind) => void;
};

/** How long connections may take to end; then they end with the process. */
const endTimeoutMs = 1_000;

/** Connects at the first use, and again whenever the backend was away. */
export function createQueues({ backend, log, onLostHint = () => undefined }: QueuesOptions): Queues {
  const connections: Connections = backend.kind === 'postgres' ? connectPostgres(backend) : connectRedis(backend);
  const producer = new Producer(connections, log, (job) => onLostHint(job.name));
  const running = new Set<RunningWorkers>();
  return {
    enqueue: async (job) => producer.hint(toStoredJob(job)),
    async startWorkers(handlers, options) {
      const workers = await startConsumers(connections, handlers, options, log);
      running.add(workers);
      return workers;
    },
    counts: () => producer.counts(),
    async close() {
      await Promise.all([...running].map((workers) => workers.close()));
      await producer.close();
      await withinTime(endTimeoutMs, connections.close()).catch(() => undefined);
    },
  };
}
