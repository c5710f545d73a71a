import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayRunAgain } from './may-run-again.js';

const day = 24 * 60 * 60 * 1000;
const served = { settleMode: 'after', sentAtMs: 1_000, servedAtMs: 2_000, rerunCount: 0 } as const;
const owing = { settleMode: 'before', sentAtMs: 1_000, servedAtMs: null, rerunCount: 0 } as const;

describe('mayRunAgain', () => {
  it.each(['GET', 'POST', 'DELETE'])(
    'owes the work of a %s that was paid first and not served, for a day',
    (method) => {
      expect(mayRunAgain(owing, method, 1_000 + day)).toBe('owed');
      expect(mayRunAgain(owing, method, 1_001 + day)).toBe('never');
    },
  );

  it.each(['GET', 'HEAD'])('asks a served %s again, three times', (method) => {
    for (const rerunCount of [0, 1, 2]) expect(mayRunAgain({ ...served, rerunCount }, method, 3_000)).toBe('again');
    expect(mayRunAgain({ ...served, rerunCount: 3 }, method, 3_000)).toBe('never');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('never runs a served %s a second time', (method) => {
    expect(mayRunAgain(served, method, 3_000)).toBe('never');
    expect(mayRunAgain({ ...owing, servedAtMs: 2_000 }, method, 3_000)).toBe('never');
  });

  it('runs nothing for a payment that was not sent', () => {
    const facts = fc.record({
      settleMode: fc.constantFrom('after' as const, 'before' as const),
      sentAtMs: fc.constant(null),
      servedAtMs: fc.option(fc.nat()),
      rerunCount: fc.nat(5),
    });
    fc.assert(
      fc.property(facts, fc.constantFrom('GET', 'POST'), fc.nat(), (paid, method, nowMs) => {
        expect(mayRunAgain(paid, method, nowMs)).toBe('never');
      }),
    );
  });
});
