import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmedHeight, finalityOf } from './finality.js';

const marks = { headNumber: 110n, confirmedNumber: 108n, finalNumber: 50n };

describe('finalityOf', () => {
  it.each([
    [110n, 'seen'],
    [109n, 'seen'],
    [108n, 'confirmed'],
    [51n, 'confirmed'],
    [50n, 'final'],
    [0n, 'final'],
  ])('finds block %s %s', (blockNumber, stage) => {
    expect(finalityOf(blockNumber, marks)).toBe(stage);
  });

  it('lets the chain call a block final before our own depth confirms it', () => {
    expect(finalityOf(109n, { ...marks, finalNumber: 109n })).toBe('final');
  });

  it('never takes a stage back while the watermarks only rise', () => {
    const stages = ['seen', 'confirmed', 'final'];
    const height = fc.bigInt({ min: 0n, max: 20n });
    fc.assert(
      fc.property(height, height, height, height, height, (block, confirmed, final, moreConfirmed, moreFinal) => {
        const before = { headNumber: 40n, confirmedNumber: confirmed, finalNumber: final };
        const after = { headNumber: 60n, confirmedNumber: confirmed + moreConfirmed, finalNumber: final + moreFinal };
        const [earlier, later] = [before, after].map((each) => stages.indexOf(finalityOf(block, each)));
        expect(Number(later)).toBeGreaterThanOrEqual(Number(earlier));
      }),
    );
  });
});

describe('confirmedHeight', () => {
  it('is the highest block with that many blocks on top', () => {
    expect(confirmedHeight(102n, 2)).toBe(100n);
    expect(confirmedHeight(102n, 0)).toBe(102n);
    expect(confirmedHeight(2n, 2)).toBe(0n);
  });

  it('confirms nothing while the chain is shorter than the depth', () => {
    expect(confirmedHeight(1n, 2)).toBe(-1n);
    expect(confirmedHeight(0n, 64)).toBe(-1n);
    expect(finalityOf(0n, { headNumber: 0n, confirmedNumber: confirmedHeight(0n, 64), finalNumber: -1n })).toBe('seen');
  });
});
