import { setTimeout as delay } from 'node:timers/promises';
import { type createPool, loadCatalog } from '@tollbook/db';
import type { Catalog } from '@tollbook/usecases';
import { type FailureLog, isOutage } from './failure-log.js';

const patienceMs = 15_000;
const retryMs = 300;

/**
 * The first thing asked of the database. One that is away is waited for, fifteen seconds in all: the supervisor starts
 * this process again then.
 */
export async function waitForCatalog(pool: ReturnType<typeof createPool>, failures: FailureLog): Promise<Catalog> {
  const step = 'read-catalog';
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      const catalog = await loadCatalog(pool);
      failures.worked(step);
      return catalog;
    } catch (error) {
      if (!isOutage(error) || performance.now() > untilMs) throw error;
      failures.failed(step, error);
      await delay(retryMs);
    }
  }
}
