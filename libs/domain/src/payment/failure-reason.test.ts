import { describe, expect, it } from 'vitest';
import { failureReasons, refusalReasons } from './failure-reason.js';

describe('failure reasons', () => {
  it('are listed once each', () => {
    expect(new Set(failureReasons).size).toBe(failureReasons.length);
  });

  it('hold every refusal, and no interruption among the refusals', () => {
    for (const reason of refusalReasons) expect(failureReasons).toContain(reason);
    for (const reason of [
      'interrupted',
      'settlement_unavailable',
      'upstream_failed',
      'upstream_timeout',
      'buyer_gone',
    ]) {
      expect(refusalReasons).not.toContain(reason);
    }
  });
});
