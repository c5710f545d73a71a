import type { SeriesPoint } from '@tollbook/contract';
import { describe, expect, it } from 'vitest';
import { revenueBuckets } from './revenue-buckets.js';

const point = (day: string, key: string | null, totalAtomic: string): SeriesPoint => ({
  day,
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

describe('revenueBuckets', () => {
  it('has a bar for every day, also where nothing came', () => {
    const buckets = revenueBuckets([point('2026-11-02', 'a', '5')], 'USDC', '2026-11-01', '2026-11-03');
    expect(buckets.map(({ firstDay, totalAtomic }) => [firstDay, totalAtomic])).toEqual([
      ['2026-11-01', 0n],
      ['2026-11-02', 5n],
      ['2026-11-03', 0n],
    ]);
  });

  it('adds up weeks beyond ninety-two days, losing nothing', () => {
    const points = [point('2026-01-01', 'a', '1'), point('2026-01-07', 'b', '2'), point('2026-12-31', null, '4')];
    const buckets = revenueBuckets(points, 'USDC', '2026-01-01', '2026-12-31');
    expect(buckets[0]?.totalAtomic).toBe(3n);
    expect(buckets.reduce((sum, bucket) => sum + bucket.totalAtomic, 0n)).toBe(7n);
    expect(buckets.at(-1)?.lastDay).toBe('2026-12-31');
  });

  it('never adds one asset to another', () => {
    const other = { ...point('2026-11-01', 'a', '9'), asset: 'EURC' };
    expect(revenueBuckets([other], 'USDC', '2026-11-01', '2026-11-01')[0]?.totalAtomic).toBe(0n);
  });
});
