export type { QueueBackend, QueueRole } from './backend.js';
export type { RunningWorkers, StartWorkersOptions } from './consumer.js';
export { createQueues, type Queues, type QueuesOptions } from './create-queues.js';
export { type Job, type JobHandlers, type JobKind, type JobPayloads, type QueueName, queueNames } from './job.js';
export { migrateQueue } from './migrate-queue.js';
export type { QueueCounts } from './producer.js';
export type { QueueLog } from './queue-log.js';
export { UnrecoverableJob } from './unrecoverable-job.js';
