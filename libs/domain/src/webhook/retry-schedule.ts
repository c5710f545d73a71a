import { assert } from '../assert.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long each try of a delivery waits for the end of the one before it; about three days in all. */
export const retryDelaysMs: readonly number[] = [
  0,
  5 * second,
  30 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** A delay is lengthened or shortened by up to this share, so that receivers that fell together do not rise together. */
export const retryJitter = 0.2;

/**
 * Milliseconds from the end of try number `tries` (counted from 1) to the next one, or null where that was the last.
 * `chance` is drawn evenly from [0, 1) by the caller.
 */
export function retryDelayMs(tries: number, chance: number): number | null {
  assert(Number.isInteger(tries) && tries >= 1, 'a delivery waits after a try');
  assert(chance >= 0 && chance < 1, 'a chance lies in [0, 1)');
  const delay = retryDelaysMs[tries];
  return delay === undefined ? null : Math.round(delay * (1 - retryJitter + 2 * retryJitter * chance));
}
