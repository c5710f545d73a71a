import { UnrecoverableJob } from '@tollbook/queue';
import { type FailureLog, isOutage } from '../failure-log.js';

/**
 * Does a job and tells how it went. What is away is tried again by the queue; anything else is a bug, which ends the job
 * at once (the schedules come back to it).
 */
export async function runJob(failures: FailureLog, step: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    failures.worked(step);
  } catch (error) {
    failures.failed(step, error);
    if (isOutage(error)) throw error;
    throw new UnrecoverableJob(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
