import { describe, expect, it } from 'vitest';
import { zonedTime } from './zoned-time.js';

describe('zonedTime', () => {
  it.each([
    ['2026-11-20T09:00:00.999Z', 'Europe/Berlin', '2026-11-20T10:00:00+01:00'],
    ['2026-07-20T22:30:00Z', 'Europe/Berlin', '2026-07-21T00:30:00+02:00'],
    ['2026-11-20T00:00:00Z', 'UTC', '2026-11-20T00:00:00+00:00'],
    ['2026-11-20T00:00:00Z', 'America/St_Johns', '2026-11-19T20:30:00-03:30'],
    ['2026-11-20T00:00:00Z', 'Asia/Kathmandu', '2026-11-20T05:45:00+05:45'],
  ])('of %s in %s is %s', (moment, zone, shown) => {
    expect(zonedTime(Date.parse(moment), zone)).toBe(shown);
    expect(Date.parse(shown)).toBe(Math.floor(Date.parse(moment) / 1000) * 1000);
  });
});
