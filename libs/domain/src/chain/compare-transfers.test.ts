import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTransfers, type FollowedToken, type RecordedTransfer } from './compare-transfers.js';
import type { Transfer } from './transfer.js';

const transfer = (at: number, changes: Partial<Transfer> = {}): Transfer => ({
  network: 'eip155:84532',
  blockNumber: BigInt(at),
  blockHash: `0xb${at}`,
  blockTimeUnixSeconds: 1_000 + at,
  txHash: `0x${at}`,
  position: 0,
  contract: 'usdc',
  from: 'ann',
  to: 'till',
  amountAtomic: 10n,
  authorizationNonce: null,
  ...changes,
});

const recorded = (at: number, changes: Partial<RecordedTransfer> = {}): RecordedTransfer => {
  const { network, contract, authorizationNonce, ...facts } = transfer(at);
  return { ...facts, bookId: 1, assetId: 7, ...changes };
};

const till: FollowedToken = { bookId: 1, address: 'till', contract: 'usdc', assetId: 7, watchFromBlock: 2n };

describe('compareTransfers', () => {
  it('finds nothing where the books have what the chain told', () => {
    const nothing = { missing: [], absent: [], changed: [] };
    expect(compareTransfers([transfer(2), transfer(3)], [recorded(3), recorded(2)], [till])).toEqual(nothing);
  });

  it('misses what a book that follows it does not have, from the block on that it follows', () => {
    const chain = [transfer(1), transfer(2), transfer(3, { to: 'bert' }), transfer(4, { contract: 'eurc' })];
    expect(compareTransfers(chain, [], [till]).missing).toEqual([transfer(2)]);
    const other = { ...till, bookId: 2, address: 'ann' };
    expect(compareTransfers([transfer(2)], [recorded(2)], [till, other]).missing).toEqual([transfer(2)]);
    expect(compareTransfers([transfer(2)], [recorded(2), recorded(2, { bookId: 2 })], [till, other]).missing).toEqual(
      [],
    );
  });

  it('tells what the chain did not tell, another block of the same transaction too', () => {
    const gone = [recorded(2), recorded(3, { blockHash: '0xc3' }), recorded(4, { position: 1 })];
    expect(compareTransfers([transfer(3), transfer(4)], gone, [till]).absent).toEqual(gone);
  });

  it.each<[string, Partial<RecordedTransfer>]>([
    ['block_number', { blockNumber: 9n }],
    ['block_time', { blockTimeUnixSeconds: 9 }],
    ['asset_id', { assetId: 8 }],
    ['from_address', { from: 'bert' }],
    ['to_address', { to: 'bert' }],
    ['amount_atomic', { amountAtomic: 11n }],
  ])('names a %s that is not what the chain told', (column, changes) => {
    const row = recorded(2, changes);
    expect(compareTransfers([transfer(2)], [row], [till]).changed).toEqual([{ recorded: row, columns: [column] }]);
  });

  it('puts every recorded row and every followed transfer in exactly one place', () => {
    const some = fc.uniqueArray(fc.integer({ min: 2, max: 12 }));
    fc.assert(
      fc.property(some, some, (onChain, inBooks) => {
        const found = compareTransfers(
          onChain.map((at) => transfer(at)),
          inBooks.map((at) => recorded(at)),
          [till],
        );
        expect(found.missing.map(({ txHash }) => txHash)).toEqual(
          onChain.filter((at) => !inBooks.includes(at)).map((at) => `0x${at}`),
        );
        expect(found.absent.map(({ txHash }) => txHash)).toEqual(
          inBooks.filter((at) => !onChain.includes(at)).map((at) => `0x${at}`),
        );
        expect(found.changed).toEqual([]);
      }),
    );
  });
});
