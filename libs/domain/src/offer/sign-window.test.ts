import { describe, expect, it } from 'vitest';
import { isTimeoutSellable, signSeconds } from './sign-window.js';

describe('signSeconds', () => {
  it('is five minutes, and longer where the upstream takes longer than that leaves', () => {
    expect(signSeconds('after', 30_000, 20)).toBe(300);
    expect(signSeconds('after', 220_000, 20)).toBe(300);
    expect(signSeconds('after', 220_001, 20)).toBe(301);
    expect(signSeconds('after', 340_000, 20)).toBe(420);
    expect(signSeconds('before', 340_000, 20)).toBe(300);
  });
});

describe('isTimeoutSellable', () => {
  it.each([
    [100, true],
    [340_000, true],
    [99, false],
    [340_001, false],
    [0, false],
    [-1, false],
    [100.5, false],
    [Number.NaN, false],
  ])('of %s ms is %s', (timeoutMs, expected) => {
    expect(isTimeoutSellable(timeoutMs)).toBe(expected);
  });
});
