import type { ScheduleRun } from '@tollbook/usecases';
import { StoreUnavailable } from '@tollbook/usecases';
import { expect, it } from 'vitest';
import { createMigratedDatabase } from '../../test/migrated-database.js';
import { createPool } from '../connect.js';
import { createScheduleRunStore } from './schedule-runs.js';

const run: ScheduleRun = {
  name: 'sweep',
  startedAtMs: 1_795_000_000_000,
  finishedAtMs: 1_795_000_000_250,
  outcome: 'done',
  counts: { interrupted: 2, unknown: 0 },
};

it('keeps each run with its times and counts, as the worker', async () => {
  const database = await createMigratedDatabase();
  const pool = createPool(database.url, { role: 'tollbook_worker', max: 1, applicationName: 'test' });
  const store = createScheduleRunStore(pool);
  await store.save(run);
  await store.save({ ...run, outcome: 'failed', counts: {} });
  const { rows } = await pool.query(
    'select name, started_at, finished_at, outcome, counts from schedule_runs order by 1, 4',
  );
  expect(rows).toEqual([
    {
      name: 'sweep',
      started_at: new Date(run.startedAtMs),
      finished_at: new Date(run.finishedAtMs),
      outcome: 'done',
      counts: { interrupted: 2, unknown: 0 },
    },
    expect.objectContaining({ outcome: 'failed', counts: {} }),
  ]);
  await pool.end();
  await database.drop();
});

it('tells that the database is away', async () => {
  const pool = createPool('postgres://tollbook@127.0.0.1:9/none', {
    role: 'tollbook_worker',
    max: 1,
    applicationName: 'test',
  });
  await expect(createScheduleRunStore(pool).save(run)).rejects.toThrow(StoreUnavailable);
  await pool.end();
});
