import type { ScheduleRunStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { newId } from '../new-id.js';
import { withSession } from '../session.js';
import { insertScheduleRun } from '../statements/insert-schedule-run.js';

/** Records runs of schedules; `pool` acts as tollbook_worker. Throws `StoreUnavailable` when the database is away. */
export function createScheduleRunStore(pool: Pool): ScheduleRunStore {
  return {
    save: (run) => withSession(pool, (session) => insertScheduleRun(session, newId(), run)),
  };
}
