import { jsonb, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant, table } from './columns.js';

/** What each worker tells of itself every few seconds, for the health page; forgotten after a day of silence. */
export const workerProcesses = table(
  'worker_processes',
  {
    /** New at every process start. */
    bootId: uuid('boot_id').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
    /** Set by a process that ended in order. */
    endedAt: instant('ended_at'),
    report: jsonb('report').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ name: 'worker_processes_pkey', columns: [t.bootId] })],
);
