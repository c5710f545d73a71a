import type { WorkerReportStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { toDbWorkerReport } from '../mapping/worker-report.mapping.js';
import { withSession } from '../session.js';
import { saveWorkerReport } from '../statements/save-worker-report.js';

/** Keeps what workers tell of themselves; `pool` acts as tollbook_worker. Throws `StoreUnavailable`. */
export function createWorkerReportStore(pool: Pool): WorkerReportStore {
  return {
    save: (bootId, report, hasEnded) =>
      withSession(pool, (session) => saveWorkerReport(session, bootId, toDbWorkerReport(report, Date.now()), hasEnded)),
  };
}
