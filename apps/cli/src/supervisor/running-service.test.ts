import { describe, expect, it } from 'vitest';
import { explainError } from '../explain-error.js';
import { explainStart, StartFailed } from './running-service.js';

describe('explainStart', () => {
  it('tells which service did not start, in its words and without a stack', () => {
    const error = explainStart('sandbox', new StartFailed('No anvil that may be run is at /nope.', []));
    const text = 'The sandbox did not start: No anvil that may be run is at /nope.';
    expect(explainError(error)).toEqual({ text, exitCode: 1 });
  });

  it('leaves other errors as they are', () => {
    const bug = new TypeError('x is undefined');
    expect(explainStart('sandbox', bug)).toBe(bug);
  });
});
