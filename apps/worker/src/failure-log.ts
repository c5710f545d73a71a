import type { Logger } from '@tollbook/telemetry';

/** How often trouble that goes on is told again. */
const reminderMs = 60_000;

type Streak = { failures: number; toldAt: number; message: string };

/**
 * Tells of failures without repeating itself. A node or a database that is away costs one warning a streak and one line
 * at its end; anything else is an error, told when it is new and then once a minute.
 */
export class FailureLog {
  private readonly streaks = new Map<string, Streak>();

  constructor(
    private readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** `step` names what failed, the same at each call: a schedule, a kind of job and its network. */
  failed(step: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const known = this.streaks.get(step);
    const streak = known ?? { failures: 0, toldAt: Number.NEGATIVE_INFINITY, message: '' };
    streak.failures += 1;
    this.streaks.set(step, streak);
    if (isOutage(error)) {
      if (!known) this.logger.warn({ step, err: error }, 'a step waited for what is away');
    } else if (streak.message !== message || this.nowMs() - streak.toldAt >= reminderMs) {
      streak.toldAt = this.nowMs();
      streak.message = message;
      this.logger.error({ step, failures: streak.failures, err: error }, 'a step failed');
    }
  }

  /** Ends the step's streak, if there is one. */
  worked(step: string): void {
    const streak = this.streaks.get(step);
    if (!streak) return;
    this.streaks.delete(step);
    this.logger.info({ step, failures: streak.failures }, 'a step worked again');
  }
}

/** Whether a typed error of a port says that trying again later is all there is to do. */
export function isOutage(error: unknown): boolean {
  return error instanceof Error && 'isRetryable' in error && error.isRetryable === true;
}
