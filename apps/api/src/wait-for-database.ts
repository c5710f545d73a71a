import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '@tollbook/usecases';

const patienceMs = 15_000;
const retryMs = 300;

/** Asks again while the database is away, fifteen seconds in all: one slow moment at start must not end the process. */
export async function waitForDatabase<T>(ask: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > untilMs) throw error;
      await delay(retryMs);
    }
  }
}
