import { describe, expect, it } from 'vitest';
import {
  giveBackSignInTry,
  type SignInTries,
  type SignInTry,
  signInForgetMs,
  signInLimits,
  takeSignInTry,
} from './sign-in-tries.js';

const limit = { freeFailures: 3, delayMsMax: 10_000 };

function failTimes(times: number): SignInTries {
  let tries: SignInTries | null = null;
  for (let count = 0; count < times; count += 1) tries = taken(takeSignInTry(tries, limit, nowOf(tries)));
  if (tries === null) throw new Error('no try was made');
  return tries;
}

/** The first moment at which another try is let in. */
function nowOf(tries: SignInTries | null): number {
  return tries?.blockedUntilMs ?? 0;
}

function taken(answer: SignInTry): SignInTries {
  if (answer.kind !== 'taken') throw new Error(`blocked until ${answer.untilMs}`);
  return answer.tries;
}

describe('takeSignInTry', () => {
  it('lets the free failures follow each other at once', () => {
    expect(failTimes(2)).toEqual({ failures: 2, blockedUntilMs: 0, lastAtMs: 0 });
  });

  it('doubles the wait with each further failure, up to the longest', () => {
    const waits = [3, 4, 5, 6, 7, 8].map((times) => {
      const { blockedUntilMs, lastAtMs } = failTimes(times);
      return blockedUntilMs - lastAtMs;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('refuses a try during the wait and does not count it', () => {
    const tries = failTimes(4);
    expect(takeSignInTry(tries, limit, tries.blockedUntilMs - 1)).toEqual({
      kind: 'blocked',
      untilMs: tries.blockedUntilMs,
    });
    expect(taken(takeSignInTry(tries, limit, tries.blockedUntilMs)).failures).toBe(5);
  });

  it('forgets after a day', () => {
    const tries = failTimes(6);
    expect(taken(takeSignInTry(tries, limit, tries.lastAtMs + signInForgetMs + 1)).failures).toBe(1);
  });

  it('never keeps an account closed for more than a minute', () => {
    const far = { failures: 10_000, blockedUntilMs: 0, lastAtMs: 0 };
    expect(taken(takeSignInTry(far, signInLimits.account, 5)).blockedUntilMs).toBe(60_005);
  });
});

it('giveBackSignInTry opens the way again and keeps the earlier failures', () => {
  expect(giveBackSignInTry({ failures: 4, blockedUntilMs: 9_000, lastAtMs: 1_000 }, 2_000)).toEqual({
    failures: 3,
    blockedUntilMs: 2_000,
    lastAtMs: 1_000,
  });
  expect(giveBackSignInTry({ failures: 0, blockedUntilMs: 0, lastAtMs: 0 }, 5).failures).toBe(0);
});
