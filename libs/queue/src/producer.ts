import { randomUUID } from 'node:crypto';
import { type Connections, hintTimeoutMs, type ProducerQueue } from './backend.js';
import type { QueueName, StoredJob } from './job.js';
import { type QueueLog, TroubleLog } from './queue-log.js';
import { withinTime } from './within-time.js';

/** How many finished jobs are kept for a person to look at; older ones go as new ones end. */
const completedKeptMax = 20;
const failedKeptMax = 200;
const failedKeptSeconds = 7 * 86_400;
const countsTimeoutMs = 5_000;

/** Jobs of one queue, by what they wait for. */
export type QueueCounts = Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed' | 'completed', number>>;

/**
 * Adds jobs. A queue of BullMQ that could not connect at first never does, so each is made when it is needed and made
 * anew until it has connected once; from then on it finds its way back by itself.
 */
export class Producer {
  private readonly queues = new Map<QueueName, Promise<ProducerQueue>>();
  /** Hints on their way, by deduplication id: true when the same was wanted again meanwhile. */
  private readonly onTheWay = new Map<string, boolean>();
  private readonly trouble: TroubleLog;
  private isClosed = false;

  constructor(
    private readonly connections: Connections,
    log: QueueLog,
    private readonly onLostHint: (job: StoredJob) => void,
  ) {
    this.trouble = new TroubleLog(log, { part: 'producer' });
  }

  /** Resolves when the job is stored, when a second has passed, or when it is clear that it will not be. */
  async hint(job: StoredJob): Promise<void> {
    if (this.isClosed) return;
    if (this.onTheWay.has(job.deduplicationId)) {
      this.onTheWay.set(job.deduplicationId, true);
      return;
    }
    this.onTheWay.set(job.deduplicationId, false);
    try {
      await withinTime(hintTimeoutMs, this.addWhileWanted(job));
    } catch (error) {
      // It may still arrive; whoever asked does not wait for it.
      this.lose(job, error);
    }
  }

  /** Throws when the backend does not answer. */
  async counts(): Promise<Readonly<Record<QueueName, QueueCounts>>> {
    const [chain, outbox] = await withinTime(
      countsTimeoutMs,
      Promise.all([this.countsOf('chain'), this.countsOf('outbox')]),
    );
    return { chain, outbox };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const queue of this.queues.values()) await queue.then((open) => open.close()).catch(() => undefined);
  }

  private async addWhileWanted(job: StoredJob): Promise<void> {
    try {
      do {
        this.onTheWay.set(job.deduplicationId, false);
        await this.add(job);
      } while (this.onTheWay.get(job.deduplicationId) && !this.isClosed);
      this.trouble.worked();
    } catch (error) {
      this.lose(job, error);
    } finally {
      this.onTheWay.delete(job.deduplicationId);
    }
  }

  private lose(job: StoredJob, error: unknown): void {
    if (this.isClosed) return;
    this.trouble.failed(error);
    this.onLostHint(job);
  }

  private async add(job: StoredJob): Promise<void> {
    const queue = await this.open(job.queue);
    await queue.add(job.name, job.data, {
      // Numbers drawn by BullMQ would need a sequence, which our roles may not make.
      jobId: randomUUID(),
      attempts: job.attempts,
      backoff: { type: 'exponential', delay: job.backoffMs },
      // One waiting is enough. One that is running may have read too early: then another runs after it.
      deduplication: { id: job.deduplicationId, keepLastIfActive: true },
      removeOnComplete: completedKeptMax,
      removeOnFail: { count: failedKeptMax, age: failedKeptSeconds },
      stackTraceLimit: 5,
    });
  }

  private async countsOf(name: QueueName): Promise<QueueCounts> {
    const queue = await this.open(name);
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
    const { waiting = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
    return { waiting, active, delayed, failed, completed };
  }

  private open(name: QueueName): Promise<ProducerQueue> {
    const known = this.queues.get(name);
    if (known) return known;
    const opening = this.connect(name);
    this.queues.set(name, opening);
    opening.catch(() => this.queues.delete(name));
    return opening;
  }

  private async connect(name: QueueName): Promise<ProducerQueue> {
    const queue = this.connections.newQueue(name);
    queue.on('error', (error) => this.trouble.failed(error));
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      await queue.close().catch(() => undefined);
      throw error;
    }
  }
}
