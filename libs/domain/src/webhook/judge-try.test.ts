import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeTry, type TryOutcome } from './judge-try.js';
import { retryDelayMs, retryDelaysMs } from './retry-schedule.js';

const triesMax = retryDelaysMs.length;
const answered = (httpStatus: number, retryAfterSeconds: number | null = null): TryOutcome => ({
  kind: 'answered',
  httpStatus,
  retryAfterSeconds,
});
const anyTries = fc.integer({ min: 1, max: triesMax + 5 });
const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failure = fc.oneof(
  fc.constant<TryOutcome>({ kind: 'unanswered' }),
  fc
    .tuple(fc.integer({ min: 100, max: 599 }), fc.option(fc.nat(1_000_000)))
    .filter(([status]) => (status < 200 || status >= 300) && status !== 410)
    .map(([status, seconds]) => answered(status, seconds)),
);

describe('judgeTry', () => {
  it('takes every 2xx for delivered, whichever try it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 299 }), anyTries, anyChance, (status, tries, chance) => {
        expect(judgeTry(answered(status), tries, chance)).toEqual({ kind: 'delivered' });
      }),
    );
  });

  it('takes 410 for gone, also at the last try', () => {
    fc.assert(
      fc.property(anyTries, anyChance, (tries, chance) => {
        expect(judgeTry(answered(410, 60), tries, chance)).toEqual({ kind: 'gone' });
      }),
    );
  });

  it('tries every other outcome again until the schedule ends, redirects among them', () => {
    fc.assert(
      fc.property(failure, anyTries, anyChance, (outcome, tries, chance) => {
        expect(judgeTry(outcome, tries, chance).kind).toBe(tries < triesMax ? 'retry' : 'exhausted');
      }),
    );
    expect(judgeTry(answered(301), 1, 0.5)).toEqual({ kind: 'retry', delayMs: 5_000 });
  });

  it('waits at least what the schedule says and at most a day longer than that', () => {
    fc.assert(
      fc.property(failure, fc.integer({ min: 1, max: triesMax - 1 }), anyChance, (outcome, tries, chance) => {
        const verdict = judgeTry(outcome, tries, chance);
        const scheduled = retryDelayMs(tries, chance) ?? Number.NaN;
        if (verdict.kind !== 'retry') throw new Error(verdict.kind);
        expect(verdict.delayMs).toBeGreaterThanOrEqual(scheduled);
        expect(verdict.delayMs).toBeLessThanOrEqual(Math.max(scheduled, 86_400_000));
      }),
    );
  });

  it('honours Retry-After where it is longer than the schedule, and ignores it where it is shorter', () => {
    expect(judgeTry(answered(429, 120), 1, 0.5)).toEqual({ kind: 'retry', delayMs: 120_000 });
    expect(judgeTry(answered(503, 1), 3, 0.5)).toEqual({ kind: 'retry', delayMs: 300_000 });
    expect(judgeTry(answered(503, 10_000_000), 1, 0.5)).toEqual({ kind: 'retry', delayMs: 86_400_000 });
  });
});
