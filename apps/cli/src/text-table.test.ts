import { describe, expect, it } from 'vitest';
import { atomicText } from './atomic-text.js';
import { textTable } from './text-table.js';

describe('textTable', () => {
  it('aligns text left and numbers right, without trailing spaces', () => {
    const rows = [
      ['a', '1'],
      ['longer', '1000'],
    ];
    expect(textTable([{ title: 'name' }, { title: 'sum', isNumber: true }], rows)).toEqual([
      'name     sum',
      '------  ----',
      'a          1',
      'longer  1000',
    ]);
  });
});

describe('atomicText', () => {
  it('shows less than nothing with a sign', () => {
    expect([atomicText(-10_000n, 6), atomicText(0n, 6), atomicText(1_500_000n, 6)]).toEqual(['-0.01', '0', '1.5']);
  });
});
