import { describe, expect, it } from 'vitest';
import { monthForecast } from './month-forecast.js';

const hour = 3_600_000;
const at = (day: number, hours = 0) => Date.UTC(2026, 10, day, hours);

describe('monthForecast', () => {
  it('goes on as the month went so far', () => {
    expect(monthForecast({ count: 1_000, sinceMs: at(1) }, at(16))).toBe(2_000);
    expect(monthForecast({ count: 10, sinceMs: at(1) }, at(1, 10))).toBe(720);
  });

  it('counts from when counting began', () => {
    expect(monthForecast({ count: 100, sinceMs: at(15) }, at(16))).toBe(100 + 100 * 15);
    expect(monthForecast({ count: 100, sinceMs: at(1) - 90 * hour }, at(16))).toBe(200);
  });

  it('says nothing before ten minutes are known', () => {
    expect(monthForecast({ count: 5, sinceMs: at(3) }, at(3) + 599_999)).toBeNull();
    expect(monthForecast({ count: 5, sinceMs: at(3) }, at(3) + 600_000)).not.toBeNull();
  });
});
