import { expect, it } from 'vitest';
import { retryAfterSeconds } from './retry-after.js';

const nowMs = Date.parse('Fri, 20 Nov 2026 10:00:00 GMT');

it.each([
  ['120', 120],
  ['0', 0],
  ['Fri, 20 Nov 2026 10:02:00 GMT', 120],
  ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ['-5', null],
  ['1e9', null],
  ['soon', null],
  ['2026-11-20', null],
  ['', null],
  [undefined, null],
])('reads Retry-After %j as %j', (value, seconds) => {
  expect(retryAfterSeconds(value, nowMs)).toBe(seconds);
});
