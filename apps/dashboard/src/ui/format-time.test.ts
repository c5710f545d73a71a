import { describe, expect, it } from 'vitest';
import { formatDay, formatDays, formatGap, formatTime } from './format-time.js';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('formatTime', () => {
  it.each([
    ['2026-11-20T11:59:58Z', 'just now'],
    ['2026-11-20T11:59:20Z', '40 s ago'],
    ['2026-11-20T11:15:00Z', '45 min ago'],
    ['2026-11-19T13:00:00Z', '23 h ago'],
    ['2026-11-20T12:00:30Z', 'in 30 s'],
  ])('shows %s as %s', (iso, text) => {
    expect(formatTime(iso, now, 'UTC')).toBe(text);
  });

  it('turns absolute after a day, in the zone of the book', () => {
    expect(formatTime('2026-11-18T23:30:00Z', now, 'Europe/Berlin')).toContain('19 Nov');
    expect(formatTime('2026-11-18T23:30:00Z', now, 'UTC')).toContain('18 Nov');
  });
});

describe('formatGap', () => {
  it.each([
    [12, '12 ms'],
    [1_240, '1.2 s'],
    [125_000, '2 min 5 s'],
    [7_260_000, '2 h 1 min'],
    [90_000_000, '1 d 1 h'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatGap(ms)).toBe(text);
  });
});

describe('formatDay', () => {
  it('does not shift a day into another', () => {
    expect(formatDay('2026-03-01')).toBe('1 Mar');
  });
});

it('names days with their year, and one day once', () => {
  expect(formatDays('2026-11-20', '2026-11-20')).toBe('20 Nov 2026');
  expect(formatDays('2026-11-01', '2026-11-20').replaceAll('\u2009', '')).toBe('1–20 Nov 2026');
  expect(formatDays('2025-12-30', '2026-01-02')).toMatch(/^30 Dec 2025.+2 Jan 2026$/);
});
