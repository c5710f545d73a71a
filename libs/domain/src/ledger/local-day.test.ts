import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay, localYear } from './local-day.js';

const at = (iso: string) => Date.parse(iso) / 1000;

describe('localDay', () => {
  it.each([
    ['2026-11-20T00:00:00Z', 'UTC', '2026-11-20'],
    ['2026-11-19T23:59:59Z', 'UTC', '2026-11-19'],
    ['2026-11-19T22:59:59Z', 'Europe/Berlin', '2026-11-19'],
    ['2026-11-19T23:00:00Z', 'Europe/Berlin', '2026-11-20'],
    ['2026-07-01T21:59:59Z', 'Europe/Berlin', '2026-07-01'],
    ['2026-07-01T22:00:00Z', 'Europe/Berlin', '2026-07-02'],
    ['2026-11-20T07:59:59Z', 'America/Los_Angeles', '2026-11-19'],
    ['2026-11-20T08:00:00Z', 'America/Los_Angeles', '2026-11-20'],
    ['2026-11-19T18:14:59Z', 'Asia/Kathmandu', '2026-11-19'],
    ['2026-11-19T18:15:00Z', 'Asia/Kathmandu', '2026-11-20'],
    ['2026-11-19T10:00:00Z', 'Pacific/Kiritimati', '2026-11-20'],
    ['2028-02-29T12:00:00Z', 'UTC', '2028-02-29'],
    ['2026-01-05T12:00:00Z', 'UTC', '2026-01-05'],
  ])('puts %s in %s on %s', (iso, zone, day) => {
    expect(localDay(at(iso), zone)).toBe(day);
  });

  it('is the calendar day of UTC for every moment in UTC', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (unixSeconds) => {
        expect(localDay(unixSeconds, 'UTC')).toBe(new Date(unixSeconds * 1000).toISOString().slice(0, 10));
      }),
    );
  });

  it('never steps back as time goes on, also where clocks do', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe');
    const moment = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 });
    fc.assert(
      fc.property(zone, moment, fc.integer({ min: 0, max: 100_000 }), (timeZone, unixSeconds, later) => {
        expect(localDay(unixSeconds, timeZone) <= localDay(unixSeconds + later, timeZone)).toBe(true);
      }),
    );
  });

  it('throws on a zone that does not exist', () => {
    expect(() => localDay(0, 'Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('localYear', () => {
  it('turns with the new year of the zone', () => {
    expect(localYear(at('2026-12-31T22:59:59Z'), 'Europe/Berlin')).toBe(2026);
    expect(localYear(at('2026-12-31T23:00:00Z'), 'Europe/Berlin')).toBe(2027);
    expect(localYear(at('2027-01-01T04:59:59Z'), 'America/New_York')).toBe(2026);
  });
});
