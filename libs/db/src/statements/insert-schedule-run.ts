import type { ScheduleRun } from '@tollbook/usecases';
import type { Session } from '../session.js';

const statement = {
  name: 'insert_schedule_run',
  text: `insert into schedule_runs (schedule_run_id, name, started_at, finished_at, outcome, counts)
    values ($1, $2, $3, $4, $5, $6)`,
};

/** Keeps a run under an id made by the caller. */
export async function insertScheduleRun(session: Session, scheduleRunId: string, run: ScheduleRun): Promise<void> {
  const { name, startedAtMs, finishedAtMs, outcome, counts } = run;
  const times = [new Date(startedAtMs), new Date(finishedAtMs)];
  await session.run(statement, [scheduleRunId, name, ...times, outcome, JSON.stringify(counts)]);
}
