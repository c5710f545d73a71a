import type { Lease, ScheduleRun } from '@tollbook/usecases';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FailureLog } from './failure-log.js';
import { type Schedule, ScheduleRunner } from './schedule-runner.js';

/** Leases of one database: each is held until it is released or lapses. */
class Leases {
  readonly holders = new Map<string, { holder: string; untilMs: number }>();
  renewals = 0;

  async takeLease(name: string, holder: string, durationMs: number): Promise<Lease | null> {
    const held = this.holders.get(name);
    if (held && held.holder !== holder && held.untilMs > Date.now()) return null;
    if (held?.holder === holder) this.renewals += 1;
    this.holders.set(name, { holder, untilMs: Date.now() + durationMs });
    return { name, holder, fence: 1n };
  }

  async releaseLease(lease: Lease): Promise<void> {
    this.holders.delete(lease.name);
  }
}

function openRunner(leases = new Leases(), holder = 'one') {
  const runs: ScheduleRun[] = [];
  const errors: string[] = [];
  const ignore = () => undefined;
  const error = (_fields: object, message?: string) => void errors.push(message ?? '');
  const failures = new FailureLog({ info: ignore, warn: ignore, error });
  const store = { save: async (run: ScheduleRun) => void runs.push(run) };
  const runner = new ScheduleRunner({ store: leases, runs: store, holder, failures, logger: { debug: ignore } });
  return { runner, runs, errors, leases };
}

const sweep = (run: Schedule['run']): Schedule => ({ name: 'sweep', everyMs: 5_000, run });

describe('ScheduleRunner', () => {
  afterEach(() => vi.useRealTimers());

  it('runs a schedule under its lease and records what it did', async () => {
    const { runner, runs, leases } = openRunner();
    let lease: Lease | undefined;
    await runner.run(
      sweep(async (held) => {
        lease = held;
        return { released: 2 };
      }),
    );
    expect(lease?.name).toBe('schedule/sweep');
    expect(leases.holders.has('schedule/sweep')).toBe(true);
    expect(runs).toMatchObject([{ name: 'sweep', outcome: 'done', counts: { released: 2 } }]);
  });

  it('tells of the last run of each schedule, also of one that did nothing or failed', async () => {
    const { runner } = openRunner();
    expect(runner.schedules()).toEqual([]);
    await runner.run(sweep(async () => ({ released: 2 })));
    await runner.run(sweep(async () => ({ released: 0 })));
    expect(runner.schedules()).toMatchObject([{ name: 'sweep', everyMs: 5_000, last: { outcome: 'idle' } }]);
    await runner.run(sweep(() => Promise.reject(new Error('broken'))));
    expect(runner.schedules()).toMatchObject([{ last: { outcome: 'failed', counts: {} } }]);
  });

  it('knows a schedule that another process holds, without a run of its own', async () => {
    const leases = new Leases();
    await openRunner(leases, 'one').runner.run(sweep(async () => ({})));
    const { runner } = openRunner(leases, 'two');
    await runner.run(sweep(async () => ({})));
    expect(runner.schedules()).toEqual([{ name: 'sweep', everyMs: 5_000, last: null }]);
  });

  it('does not run a schedule beside itself', async () => {
    const { runner } = openRunner();
    let begun = 0;
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const schedule = sweep(async () => {
      begun += 1;
      await held;
      return {};
    });
    const first = runner.run(schedule);
    await runner.run(schedule);
    end();
    await first;
    await runner.run(schedule);
    expect(begun).toBe(2);
  });

  it('leaves a schedule to the process that holds it, until that one stops', async () => {
    const leases = new Leases();
    const one = openRunner(leases, 'one').runner;
    const two = openRunner(leases, 'two').runner;
    const ran: string[] = [];
    const by = (name: string) => sweep(async () => ({ ran: ran.push(name) }));
    await one.run(by('one'));
    await two.run(by('two'));
    expect(ran).toEqual(['one']);
    await one.stop();
    await two.run(by('two'));
    await one.run(by('one'));
    expect(ran).toEqual(['one', 'two']);
  });

  it('keeps the lease alive while a run takes long', async () => {
    vi.useFakeTimers();
    const { runner, leases } = openRunner();
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = runner.run(sweep(() => held.then(() => ({}))));
    await vi.advanceTimersByTimeAsync(40_000);
    expect(leases.renewals).toBe(16);
    expect(leases.holders.get('schedule/sweep')?.untilMs).toBeGreaterThan(Date.now());
    end();
    await running;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(leases.renewals).toBe(16);
  });

  it('records a failure and does not pass it on', async () => {
    const { runner, runs, errors } = openRunner();
    await runner.run(sweep(() => Promise.reject(new Error('a bug'))));
    expect(runs).toMatchObject([{ outcome: 'failed' }]);
    expect(errors).toEqual(['a step failed']);
  });

  it('records idle runs together, a row a minute and one at the end', async () => {
    vi.useFakeTimers();
    const { runner, runs } = openRunner();
    const idle = sweep(async () => ({ released: 0 }));
    for (let second = 0; second <= 65; second += 5) {
      await runner.run(idle);
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(runs).toMatchObject([{ outcome: 'idle', counts: { runs: 13 } }]);
    await runner.stop();
    expect(runs).toMatchObject([{ counts: { runs: 13 } }, { outcome: 'idle', counts: { runs: 1 } }]);
  });

  it('waits five seconds at most for what runs when it stops', async () => {
    vi.useFakeTimers();
    const { runner } = openRunner();
    void runner.run(sweep(() => new Promise(() => undefined)));
    let isStopped = false;
    void runner.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(4_900);
    expect(isStopped).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(isStopped).toBe(true);
  });
});
