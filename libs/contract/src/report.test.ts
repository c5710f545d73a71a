import { describe, expect, it } from 'vitest';
import { failuresQuerySchema } from './failures.js';
import { overviewQuerySchema } from './overview.js';
import { revenueQuerySchema } from './revenue.js';

const issueOf = (result: { error?: { issues: { path: PropertyKey[] }[] } | undefined }) =>
  result.error?.issues[0]?.path.join('.');

describe('the period of a report', () => {
  it.each(['2026-11-20', '2026-11-20T08:00:00Z', '2026-11-20T08:00+01:00'])('may begin with %s', (from) => {
    expect(revenueQuerySchema.safeParse({ from }).success).toBe(true);
  });

  it.each(['2026-11-20T08:00:00', 'yesterday', '2026-02-30', '20.11.2026', ''])('may not begin with %s', (from) => {
    expect(issueOf(revenueQuerySchema.safeParse({ from }))).toBe('from');
  });

  it.each(['Mars/Olympus', '+01:00', ''])('knows no zone %s', (zone) => {
    expect(issueOf(overviewQuerySchema.safeParse({ zone }))).toBe('zone');
  });

  it('knows no other parameter', () => {
    expect(failuresQuerySchema.safeParse({ since: '2026-11-20' }).success).toBe(false);
  });
});

describe('groupBy', () => {
  it('is the day unless told, and may be several, repeated or with commas', () => {
    expect(revenueQuerySchema.parse({}).groupBy).toEqual(['day']);
    expect(revenueQuerySchema.parse({ groupBy: 'day,endpoint' }).groupBy).toEqual(['day', 'endpoint']);
    expect(revenueQuerySchema.parse({ groupBy: ['network', 'day', 'day'] }).groupBy).toEqual(['network', 'day']);
  });

  it('is refused where it is nothing we can group by', () => {
    expect(issueOf(revenueQuerySchema.safeParse({ groupBy: 'payer' }))).toBe('groupBy');
  });
});
