import { UnrecoverableError } from 'bullmq';
import type { Connections, QueueWorker, Take, WorkerSettings } from './backend.js';
import {
  isJobKind,
  type JobDefinition,
  type JobHandlers,
  type JobKind,
  type JobPayloads,
  jobDefinitions,
  jobKinds,
  queueNames,
} from './job.js';
import { type QueueLog, TroubleLog } from './queue-log.js';
import { UnrecoverableJob } from './unrecoverable-job.js';
import { withinTime } from './within-time.js';

export type StartWorkersOptions = {
  /** Jobs of one queue that run at once in this process. */
  readonly concurrency: number;
  /** A job whose process shows no life for this long is taken over at the next or the second next look. */
  readonly lockMs?: number;
  /** Time between two looks for such jobs. */
  readonly stalledCheckMs?: number;
};

export type RunningWorkers = {
  /** Takes no more jobs and waits for those that run, five seconds at most. */
  close(): Promise<void>;
};

const lockMsDefault = 10_000;
const stalledCheckMsDefault = 5_000;
/** A job that took its process down this often is not given to another. */
const stalledMax = 3;
const drainDelaySeconds = 5;
const retryDelayMs = 1_000;
const readyTimeoutMs = 10_000;
const closeTimeoutMs = 5_000;

/** Starts a worker for each queue. Throws when a kind of job has no handler, or the backend does not answer. */
export async function startConsumers(
  connections: Connections,
  handlers: JobHandlers,
  options: StartWorkersOptions,
  log: QueueLog,
): Promise<RunningWorkers> {
  for (const kind of jobKinds) {
    if (typeof handlers[kind] !== 'function') throw new Error(`no handler for jobs of kind ${kind}`);
  }
  const settings: WorkerSettings = {
    concurrency: options.concurrency,
    lockDuration: options.lockMs ?? lockMsDefault,
    stalledInterval: options.stalledCheckMs ?? stalledCheckMsDefault,
    maxStalledCount: stalledMax,
    drainDelay: drainDelaySeconds,
    runRetryDelay: retryDelayMs,
  };
  const take: Take = ({ name, data }) => takeJob(handlers, name, data);
  const workers = queueNames.map((name) => {
    const worker = connections.newWorker(name, take, settings);
    watch(worker, name, log);
    return worker;
  });
  const close = async () => {
    const closing = Promise.allSettled(workers.map((worker) => worker.close()));
    await withinTime(closeTimeoutMs, closing).catch(() => undefined);
  };
  try {
    await withinTime(readyTimeoutMs, Promise.all(workers.map((worker) => worker.waitUntilReady())));
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

function watch(worker: QueueWorker, queue: string, log: QueueLog): void {
  const trouble = new TroubleLog(log, { part: 'worker', queue });
  worker.on('error', (error) => trouble.failed(error));
  worker.on('active', () => trouble.worked());
  worker.on('failed', (job, error) => {
    // What a handler threw, it has told itself.
    const isOfQueue = error instanceof UnrecoverableError && !(error instanceof HandlerGaveUp);
    if (isOfQueue) log.warn({ queue, job: job?.name, err: error }, 'a job was refused');
  });
}

/** BullMQ knows its own class alone. */
class HandlerGaveUp extends UnrecoverableError {}

/** Anything may lie in a queue: of an older or a newer release, or of somebody else. */
async function takeJob(handlers: JobHandlers, name: string, data: unknown): Promise<void> {
  if (!isJobKind(name)) throw new UnrecoverableError(`unknown job: ${name.slice(0, 50)}`);
  try {
    await handle(handlers, name, data);
  } catch (error) {
    if (error instanceof UnrecoverableJob) throw new HandlerGaveUp(error.message);
    throw error;
  }
}

async function handle<K extends JobKind>(handlers: JobHandlers, kind: K, data: unknown): Promise<void> {
  const definition: JobDefinition<JobPayloads[K]> = jobDefinitions[kind];
  const parsed = definition.payload.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError(`payload refused: ${parsed.error.issues[0]?.message}`);
  await handlers[kind](parsed.data);
}
