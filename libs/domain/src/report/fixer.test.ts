import { describe, expect, it } from 'vitest';
import { failureReasons } from '../payment/failure-reason.js';
import { failureFixer, fixers } from './fixer.js';

describe('failureFixer', () => {
  it('names somebody for every reason that an attempt can fail by', () => {
    for (const reason of failureReasons) expect(fixers).toContain(failureFixer(reason));
    expect(failureFixer('insufficient_funds')).toBe('buyer');
    expect(failureFixer('upstream_failed')).toBe('you');
    expect(failureFixer('reverted')).toBe('chain');
  });

  it('takes what it does not know upon ourselves', () => {
    expect(failureFixer('toString')).toBe('us');
    expect(failureFixer('a reason of tomorrow')).toBe('us');
  });
});
