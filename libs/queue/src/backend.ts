import type { Job, Queue, WorkerOptions } from 'bullmq';
import type { QueueName } from './job.js';

/** The roles of the database that processes act as. */
export type QueueRole = 'tollbook_app' | 'tollbook_worker';

/** Where jobs wait. In PostgreSQL the schema must have been made by `migrateQueue`. */
export type QueueBackend =
  | {
      readonly kind: 'postgres';
      readonly url: string;
      /** The role that connections take; the login's own when left out. */
      readonly role?: QueueRole;
    }
  | {
      readonly kind: 'redis';
      readonly url: string;
      /** What the keys begin with, for several installations in one Redis; `tollbook` when left out. */
      readonly prefix?: string;
    };

export type Take = (job: Pick<Job, 'name' | 'data'>) => Promise<void>;

/** The part of a BullMQ worker that is used, whatever its backend. */
export interface QueueWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'active', listener: () => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<void>;
  close(): Promise<void>;
}

/** The part of a BullMQ queue that is used, whatever its backend. */
export type ProducerQueue = Pick<Queue, 'add' | 'getJobCounts' | 'close'> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
};

export type WorkerSettings = Required<
  Pick<
    WorkerOptions,
    'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount' | 'drainDelay' | 'runRetryDelay'
  >
>;

/** Connections of one process to one backend. Queues and workers of BullMQ are built on them and closed before them. */
export interface Connections {
  /** Queues of one connection set are closed by `close`, workers by their owner. */
  newQueue(name: QueueName): ProducerQueue;
  newWorker(name: QueueName, take: Take, settings: WorkerSettings): QueueWorker;
  /** Ends the connections; what still runs on them fails. */
  close(): Promise<void>;
}

/** The event stream of BullMQ is read by nobody here. */
export const streams = { events: { maxLen: 100 } } as const;

/** A hint that takes longer than this is given up. */
export const hintTimeoutMs = 1_000;
