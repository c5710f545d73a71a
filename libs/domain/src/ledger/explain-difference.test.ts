import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BookedMovement, type ChainMovement, explainDifference } from './explain-difference.js';

const movement = (at: number, movedAtomic: bigint): ChainMovement => ({
  txHash: `0x${at}`,
  position: at,
  blockNumber: BigInt(at),
  blockHash: `0xb${at}`,
  movedAtomic,
});

const booked = (at: number, bookedAtomic: bigint): BookedMovement => {
  const { movedAtomic, ...place } = movement(at, 0n);
  const entrySeq = bookedAtomic === 0n ? null : BigInt(at);
  return { transfer: { ...place, transferId: `t${at}` }, blockNumber: BigInt(at), entrySeq, bookedAtomic };
};

const told = (chain: readonly ChainMovement[], books: readonly BookedMovement[]) =>
  explainDifference(chain, books).map(
    ({ kind, effectAtomic, blockNumber }) => `${blockNumber} ${kind} ${effectAtomic}`,
  );

describe('explainDifference', () => {
  it('finds nothing where the books have what the chain has', () => {
    expect(told([movement(1, 5n), movement(2, -3n), movement(3, 0n)], [booked(2, -3n), booked(1, 5n)])).toEqual([]);
  });

  it('names what only the chain has, what only the books have, and what both have otherwise', () => {
    const chain = [movement(4, 40n), movement(1, 10n), movement(3, 7n)];
    expect(told(chain, [booked(2, 20n), booked(3, 6n), booked(1, 10n)])).toEqual([
      '2 not_on_chain -20',
      '3 booked_otherwise 1',
      '4 not_recorded 40',
    ]);
  });

  it('tells a recorded transfer that was never booked, and an entry without a transfer', () => {
    expect(explainDifference([movement(1, 10n)], [booked(1, 0n)])).toEqual([
      {
        kind: 'booked_otherwise',
        effectAtomic: 10n,
        blockNumber: 1n,
        txHash: '0x1',
        position: 1,
        transferId: 't1',
        entrySeq: null,
      },
    ]);
    expect(explainDifference([], [{ transfer: null, blockNumber: 9n, entrySeq: 3n, bookedAtomic: 8n }])).toEqual([
      {
        kind: 'not_on_chain',
        effectAtomic: -8n,
        blockNumber: 9n,
        txHash: null,
        position: null,
        transferId: null,
        entrySeq: 3n,
      },
    ]);
  });

  it('takes a block of another fork for another transfer', () => {
    const forked = { ...movement(1, 10n), blockHash: '0xc1' };
    expect(told([forked], [booked(1, 10n)])).toEqual(['1 not_on_chain -10', '1 not_recorded 10']);
  });

  it('explains a difference to the last unit, whatever each side holds', () => {
    const amount = fc.bigInt({ min: -1_000n, max: 1_000n });
    const side = fc.dictionary(fc.integer({ min: 1, max: 20 }).map(String), amount);
    fc.assert(
      fc.property(side, side, (chainSide, bookSide) => {
        const chain = Object.entries(chainSide).map(([at, moved]) => movement(Number(at), moved));
        const books = Object.entries(bookSide).map(([at, sum]) => booked(Number(at), sum));
        const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n);
        const difference = sum(Object.values(chainSide)) - sum(Object.values(bookSide));
        expect(sum(explainDifference(chain, books).map(({ effectAtomic }) => effectAtomic))).toBe(difference);
      }),
    );
  });
});
