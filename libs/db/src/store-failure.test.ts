import { describe, expect, it } from 'vitest';
import { isConflict, isUnavailable } from './store-failure.js';

function withCode(code: string): Error {
  return Object.assign(new Error('said the driver'), { code });
}

describe('failures of the database', () => {
  it.each(['57P01', '57P03', '53300', '08006', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', '57014'])(
    'takes %s for a database that is away',
    (code) => {
      expect(isUnavailable(withCode(code))).toBe(true);
      expect(isConflict(withCode(code))).toBe(false);
    },
  );

  it.each(['23505', '23001', '42501', '42P01', '08'])('takes %s for an answer', (code) => {
    expect(isUnavailable(withCode(code))).toBe(false);
    expect(isConflict(withCode(code))).toBe(false);
  });

  it('knows what may simply run again', () => {
    expect(isConflict(withCode('40001'))).toBe(true);
    expect(isConflict(withCode('40P01'))).toBe(true);
    expect(isUnavailable(withCode('40P01'))).toBe(false);
  });

  it('reads what the driver says without a code', () => {
    expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isUnavailable(new Error('Cannot use a pool after calling end on the pool'))).toBe(true);
    expect(isUnavailable(new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]))).toBe(true);
    expect(isUnavailable(new AggregateError([withCode('ECONNREFUSED'), withCode('23505')]))).toBe(false);
    expect(isUnavailable(new TypeError('undefined is not a function'))).toBe(false);
    expect(isUnavailable('57P01')).toBe(false);
  });
});
