import { describe, expect, it } from 'vitest';
import { judgeFacilitators } from './judge-facilitators.js';

describe('judgeFacilitators', () => {
  it.each([
    [['ready'], 'ok', null],
    [['ready', 'disabled'], 'ok', null],
    [['not_asked_yet'], 'ok', null],
    [['ready', 'away'], 'warning', 'away'],
    [['away', 'not_asked_yet'], 'warning', 'away'],
    [['away', 'disabled'], 'failing', 'none_ready'],
    [['disabled'], 'failing', 'none_ready'],
  ] as const)('%s is %s', (states, state, reason) => {
    expect(judgeFacilitators(states)).toEqual({ state, reason });
  });
});
