/** Where the queue tells of trouble; a pino logger fits. */
export type QueueLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** How often trouble that goes on is told again. */
const reminderMs = 60_000;

/** Tells of the first failure in a row, then once a minute, and of the end. */
export class TroubleLog {
  private failures = 0;
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly log: QueueLog,
    private readonly fields: object,
  ) {}

  failed(error: unknown): void {
    this.failures += 1;
    if (this.failures > 1 && performance.now() - this.toldAt < reminderMs) return;
    this.toldAt = performance.now();
    this.log.warn({ ...this.fields, failures: this.failures, err: error }, 'the queue did not answer');
  }

  worked(): void {
    if (this.failures === 0) return;
    this.log.info({ ...this.fields, failures: this.failures }, 'the queue answered again');
    this.failures = 0;
  }
}
