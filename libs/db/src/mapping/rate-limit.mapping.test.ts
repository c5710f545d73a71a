import { describe, expect, it } from 'vitest';
import { fromDbRateLimits, toDbRateLimits } from './rate-limit.mapping.js';

const policy = { points: 60, windowSeconds: 60, burst: 10 };

describe('fromDbRateLimits', () => {
  it.each([
    { paid: null, unpaid: null },
    { paid: policy, unpaid: null },
    { paid: null, unpaid: policy },
    { paid: policy, unpaid: { ...policy, burst: 0 } },
  ])('reads back %j', (limits) => {
    expect(fromDbRateLimits(JSON.parse(toDbRateLimits(limits)))).toEqual(limits);
  });

  it.each([
    { paid: 60 },
    { paid: { points: 60 } },
    { unpaid: { ...policy, points: 0 } },
    { unpaid: { ...policy, burst: '10' } },
  ])('refuses %j, which nobody wrote', (value) => {
    expect(() => fromDbRateLimits(value)).toThrow();
  });
});
