/** `done` did something, `idle` found nothing to do, `failed` is told in the log. */
export type ScheduleOutcome = 'done' | 'idle' | 'failed';

/** One run of a schedule, or several idle ones in a row, with `runs` among the counts. Times are unix milliseconds. */
export type ScheduleRun = {
  readonly name: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly outcome: ScheduleOutcome;
  readonly counts: Readonly<Record<string, number>>;
};

/** The record of what schedules did. Throws `StoreUnavailable`; a run that could not be recorded is not repeated. */
export interface ScheduleRunStore {
  save(run: ScheduleRun): Promise<void>;
}
