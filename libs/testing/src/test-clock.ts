import type { Clock } from '@tollbook/usecases';

export type TestClock = Clock & {
  /** Moves it; backwards with a negative number. */
  advance(milliseconds: number): void;
};

/** The real time plus what a test adds: rows keep the database's own time, so the two may not lie far apart for long. */
export function testClock(offsetMs = 0): TestClock {
  let offset = offsetMs;
  return {
    nowMs: () => Date.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}
