import { describe, expect, it } from 'vitest';
import {
  comparedPeriod,
  dayAfter,
  dayStartMs,
  isByHour,
  periodBefore,
  type ReportPeriod,
  reportPeriod,
} from './period.js';

const now = Date.parse('2026-11-20T10:00:00Z');

function period(asked: Parameters<typeof reportPeriod>[0], bookZone = 'Europe/Berlin'): ReportPeriod {
  const result = reportPeriod(asked, bookZone, now);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.period;
}

const iso = (ms: number) => new Date(ms).toISOString();

describe('reportPeriod', () => {
  it('reads days in the zone of the book, and the last one whole', () => {
    const found = period({ from: '2026-11-01', to: '2026-11-20' });
    expect([iso(found.fromMs), iso(found.toMs)]).toEqual(['2026-10-31T23:00:00.000Z', '2026-11-20T23:00:00.000Z']);
    expect(found).toMatchObject({ firstDay: '2026-11-01', lastDay: '2026-11-20', isWholeDays: true });
  });

  it('reads days in a zone that is named, and then not from sums of the book', () => {
    const found = period({ from: '2026-11-20', to: '2026-11-20', zone: 'America/New_York' });
    expect([iso(found.fromMs), iso(found.toMs)]).toEqual(['2026-11-20T05:00:00.000Z', '2026-11-21T05:00:00.000Z']);
    expect(found.isWholeDays).toBe(false);
  });

  it('takes moments to the letter, the end excluded', () => {
    const found = period({ from: '2026-11-20T00:00:00+01:00', to: '2026-11-21T00:00:00+01:00' });
    expect(found).toMatchObject({ firstDay: '2026-11-20', lastDay: '2026-11-20', isWholeDays: true });
    expect(period({ from: '2026-11-20T08:30:00Z', to: '2026-11-20T09:00:00Z' }).isWholeDays).toBe(false);
  });

  it('is the last thirty days when nothing is asked', () => {
    expect(period({})).toMatchObject({ firstDay: '2026-10-22', lastDay: '2026-11-20', isWholeDays: true });
  });

  it('refuses an end before the beginning, and more days than an answer may hold', () => {
    expect(reportPeriod({ from: '2026-11-20', to: '2026-11-19' }, 'UTC', now)).toMatchObject({ parameter: 'to' });
    expect(reportPeriod({ from: '2020-01-01', to: '2026-11-19' }, 'UTC', now)).toMatchObject({ parameter: 'from' });
  });

  it('names the parameter that was sent', () => {
    const refused = { kind: 'refused', reason: 'ends_before_it_begins' };
    expect(reportPeriod({ from: '2026-11-21' }, 'UTC', now)).toEqual({ ...refused, parameter: 'from' });
    expect(reportPeriod({ to: '2026-11-19', from: '2026-11-21' }, 'UTC', now)).toEqual({ ...refused, parameter: 'to' });
  });

  it.each([
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Calcutta'],
  ])('knows the zone of the book by %s where it is %s', (zone, bookZone) => {
    expect(period({ zone }, bookZone)).toEqual(period({}, bookZone));
    expect(period({ zone }, 'America/New_York').zone).toBe(period({ zone: bookZone }, 'America/New_York').zone);
  });
});

describe('periodBefore', () => {
  it('has as many days, also over a change of clocks', () => {
    const before = periodBefore(period({ from: '2026-10-20', to: '2026-10-29' }));
    expect(before).toMatchObject({ firstDay: '2026-10-10', lastDay: '2026-10-19' });
    expect(iso(before.fromMs)).toBe('2026-10-09T22:00:00.000Z');
  });

  it('is as long where it is not made of days', () => {
    const before = periodBefore(period({ from: '2026-11-20T08:00:00Z', to: '2026-11-20T09:00:00Z' }));
    expect([iso(before.fromMs), iso(before.toMs)]).toEqual(['2026-11-20T07:00:00.000Z', '2026-11-20T08:00:00.000Z']);
  });
});

describe('isByHour', () => {
  it('is true of two days, also over a change of clocks, and of no more', () => {
    expect(isByHour(period({ from: '2026-11-20', to: '2026-11-20' }))).toBe(true);
    expect(isByHour(period({ from: '2026-10-24', to: '2026-10-25' }))).toBe(true);
    expect(isByHour(period({ from: '2026-11-18', to: '2026-11-20' }))).toBe(false);
  });
});

describe('dayStartMs', () => {
  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    // Clocks went from midnight to one: the day began at one.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['2026-11-20', 'Pacific/Kiritimati', '2026-11-19T10:00:00.000Z'],
    ['2026-11-20', 'Pacific/Pago_Pago', '2026-11-20T11:00:00.000Z'],
    ['2026-11-20', 'Asia/Kathmandu', '2026-11-19T18:15:00.000Z'],
  ])('of %s in %s is %s', (day, zone, at) => {
    expect(iso(dayStartMs(day, zone))).toBe(at);
  });
});

describe('dayAfter', () => {
  it('counts over the ends of months and years', () => {
    expect([dayAfter('2026-12-31', 1), dayAfter('2026-03-01', -1)]).toEqual(['2027-01-01', '2026-02-28']);
  });
});

describe('comparedPeriod', () => {
  const compared = (asked: Parameters<typeof reportPeriod>[0], comparison: 'prev' | 'year', nowMs = now) => {
    const found = comparedPeriod(period(asked), comparison, nowMs);
    if (found === null) throw new Error('nothing to compare with');
    return found;
  };

  it('ends at the same hour of its last day while the period runs', () => {
    const { days, elapsed } = compared({ from: '2026-11-14', to: '2026-11-20' }, 'prev');
    expect(days).toMatchObject({ firstDay: '2026-11-07', lastDay: '2026-11-13', isWholeDays: true });
    expect(iso(elapsed.toMs)).toBe('2026-11-13T10:00:00.000Z');
    expect(elapsed).toMatchObject({ fromMs: days.fromMs, lastDay: '2026-11-13', isWholeDays: false });
  });

  it('ends as many days in as have gone by, where days of the period are still to come', () => {
    const { elapsed } = compared({ from: '2026-11-19', to: '2026-11-25' }, 'prev');
    expect([iso(elapsed.fromMs), iso(elapsed.toMs)]).toEqual(['2026-11-11T23:00:00.000Z', '2026-11-13T10:00:00.000Z']);
  });

  it('is whole where the period is over, or has not begun', () => {
    for (const asked of [
      { from: '2026-11-01', to: '2026-11-02' },
      { from: '2026-12-01', to: '2026-12-02' },
    ]) {
      const { days, elapsed } = compared(asked, 'prev');
      expect(elapsed).toEqual(days);
    }
  });

  it('goes by the clock on the wall over a change of clocks', () => {
    // Noon of the day after clocks were turned back, against noon of the day before they were.
    const { elapsed } = compared({ from: '2026-10-26', to: '2026-10-28' }, 'prev', Date.parse('2026-10-26T11:00:00Z'));
    expect(iso(elapsed.toMs)).toBe('2026-10-23T10:00:00.000Z');
  });

  it('takes the same days a year before, and the last of February for a leap day', () => {
    expect(compared({ from: '2026-11-01', to: '2026-11-20' }, 'year').days).toMatchObject({
      firstDay: '2025-11-01',
      lastDay: '2025-11-20',
      isWholeDays: true,
    });
    const leap = compared({ from: '2024-02-29', to: '2024-02-29' }, 'year').days;
    expect([leap.firstDay, leap.lastDay]).toEqual(['2023-02-28', '2023-02-28']);
  });

  it('is nothing where nothing is asked for', () => {
    expect(comparedPeriod(period({}), 'none', now)).toBeNull();
  });
});
