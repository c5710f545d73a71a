import type { SeriesPoint } from '@tollbook/contract';
import { describe, expect, it } from 'vitest';
import { bucketName, type Drawn, paymentBuckets, revenueBuckets, runningBucket } from './revenue-buckets.js';

const point = (day: string, key: string | null, totalAtomic: string): SeriesPoint => ({
  day,
  hour: null,
  key,
  label: key ?? '',
  asset: 'USDC',
  payments: 1,
  total: '0',
  totalAtomic,
  final: '0',
  finalAtomic: '0',
  confirmed: '0',
  confirmedAtomic: '0',
});

const days = (firstDay: string, lastDay: string, ...series: SeriesPoint[]): Drawn => {
  const period = { from: `${firstDay}T00:00:00Z`, to: `${lastDay}T23:59:59Z`, firstDay, lastDay, zone: 'UTC' };
  return { bucket: 'day', period, series };
};

describe('revenueBuckets', () => {
  it('has a bar for every day, also where nothing came', () => {
    const buckets = revenueBuckets(days('2026-11-01', '2026-11-03', point('2026-11-02', 'a', '5')), 'USDC');
    expect(buckets.map(({ firstDay, totalAtomic }) => [firstDay, totalAtomic])).toEqual([
      ['2026-11-01', 0n],
      ['2026-11-02', 5n],
      ['2026-11-03', 0n],
    ]);
  });

  it('adds up weeks beyond ninety-two days, losing nothing', () => {
    const points = [point('2026-01-01', 'a', '1'), point('2026-01-07', 'b', '2'), point('2026-12-31', null, '4')];
    const buckets = revenueBuckets(days('2026-01-01', '2026-12-31', ...points), 'USDC');
    expect(buckets[0]?.totalAtomic).toBe(3n);
    expect(buckets.reduce((sum, bucket) => sum + bucket.totalAtomic, 0n)).toBe(7n);
    expect(buckets.at(-1)?.lastDay).toBe('2026-12-31');
  });

  it('never adds one asset to another', () => {
    const other = { ...point('2026-11-01', 'a', '9'), asset: 'EURC' };
    expect(revenueBuckets(days('2026-11-01', '2026-11-01', other), 'USDC')[0]?.totalAtomic).toBe(0n);
  });

  it('has a bar for every hour of a day on which clocks are turned back', () => {
    const period = {
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T23:00:00.000Z',
      firstDay: '2026-10-25',
      lastDay: '2026-10-25',
      zone: 'Europe/Berlin',
    };
    const at = (hour: string, totalAtomic: string) => ({ ...point('2026-10-25', 'a', totalAtomic), hour });
    // Two o'clock comes twice.
    const series = [at('2026-10-25T00:00:00.000Z', '1'), at('2026-10-25T01:00:00.000Z', '2')];
    const buckets = revenueBuckets({ bucket: 'hour', period, series }, 'USDC');
    expect(buckets).toHaveLength(25);
    expect(buckets.slice(2, 4).map((bucket) => bucketName(bucket, period))).toEqual(['02:00', '02:00']);
    expect(buckets.slice(1, 4).map(({ hour, firstDay, totalAtomic }) => [hour, firstDay, totalAtomic])).toEqual([
      ['2026-10-24T23:00:00.000Z', '2026-10-25', 0n],
      ['2026-10-25T00:00:00.000Z', '2026-10-25', 1n],
      ['2026-10-25T01:00:00.000Z', '2026-10-25', 2n],
    ]);
  });
});

describe('paymentBuckets', () => {
  it('counts payments of every asset', () => {
    const other = { ...point('2026-11-01', 'a', '9'), asset: 'EURC' };
    const drawn = days('2026-11-01', '2026-11-02', other, point('2026-11-01', 'a', '5'));
    expect(paymentBuckets(drawn)).toEqual([2, 0]);
  });
});

describe('runningBucket', () => {
  const drawn = days('2026-11-19', '2026-11-20');
  const period = { ...drawn.period, to: '2026-11-21T00:00:00.000Z' };
  const runningAt = (asOf: string, bucket: 'hour' | 'day') =>
    runningBucket(revenueBuckets({ ...drawn, period, bucket }, 'USDC'), { asOf, period });

  it('is the last day, or the hour of the answer', () => {
    expect(runningAt('2026-11-20T10:30:00.000Z', 'day')?.firstDay).toBe('2026-11-20');
    const hour = runningAt('2026-11-20T10:30:00.000Z', 'hour');
    expect(hour?.hour).toBe('2026-11-20T10:00:00.000Z');
    expect(hour && bucketName(hour, period)).toBe('20 Nov, 10:00');
  });

  it('is none when the period is over', () => {
    expect(runningAt('2026-11-21T00:00:00.000Z', 'hour')).toBeUndefined();
  });
});
