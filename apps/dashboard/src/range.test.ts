import { describe, expect, it } from 'vitest';
import { dayRangeOf } from './range.js';

describe('dayRangeOf', () => {
  const lateEvening = new Date('2026-11-20T23:30:00Z');

  it('ends today in the zone of the book', () => {
    expect(dayRangeOf({ range: 'today' }, lateEvening, 'UTC')).toEqual({ from: '2026-11-20', to: '2026-11-20' });
    expect(dayRangeOf({ range: '7d' }, lateEvening, 'Europe/Berlin')).toEqual({ from: '2026-11-15', to: '2026-11-21' });
  });

  it('counts thirty days when the address says nothing', () => {
    expect(dayRangeOf({}, lateEvening, 'UTC')).toEqual({ from: '2026-10-22', to: '2026-11-20' });
  });

  it('takes two days as they stand, and drops a range that ends before it begins', () => {
    expect(dayRangeOf({ from: '2026-11-01', to: '2026-11-03' }, lateEvening, 'UTC')).toEqual({
      from: '2026-11-01',
      to: '2026-11-03',
    });
    expect(dayRangeOf({ range: 'today', from: '2026-11-03', to: '2026-11-01' }, lateEvening, 'UTC').to).toBe(
      '2026-11-20',
    );
  });
});
