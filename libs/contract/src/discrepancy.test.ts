import { describe, expect, it } from 'vitest';
import { buildDiscrepancy } from '../test/build-payment.js';
import { discrepancyListQuerySchema, discrepancyListSchema } from './discrepancy.js';

describe('discrepancyListSchema', () => {
  it('takes open and closed discrepancies', () => {
    const data = [buildDiscrepancy(), buildDiscrepancy({ closedAt: '2026-11-21T09:00:00Z', resolution: 'refunded' })];
    expect(discrepancyListSchema.parse({ data, nextCursor: 'dis_abc' })).toEqual({ data, nextCursor: 'dis_abc' });
  });
});

describe('discrepancyListQuerySchema', () => {
  it('filters by kind and by whether it is open', () => {
    expect(discrepancyListQuerySchema.parse({ kind: 'late', status: 'open' })).toEqual({
      limit: 20,
      kind: 'late',
      status: 'open',
    });
  });

  it.each([{ kind: 'lost' }, { status: 'ignored' }, { closed: 'true' }])('refuses %j', (query) => {
    expect(discrepancyListQuerySchema.safeParse(query).success).toBe(false);
  });
});
