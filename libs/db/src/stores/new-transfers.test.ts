import type { Transfer } from '@tollbook/domain';
import type { WatchedWallet } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { NetworkIds } from '../network-ids.js';
import { newTransfers } from './new-transfers.js';

const networks = new NetworkIds([{ networkId: 1, network: 'eip155:84532' }]);
const contract = '0xc0';

function buildWallet(changes: Partial<WatchedWallet> = {}): WatchedWallet {
  return {
    bookId: 1,
    walletId: 'w1',
    address: '0x01',
    assetId: 7,
    contract,
    watchFromBlock: 10n,
    coveredFromBlock: 10n,
    ...changes,
  };
}

function buildTransfer(changes: Partial<Transfer> = {}): Transfer {
  return {
    network: 'eip155:84532',
    blockNumber: 10n,
    blockHash: '0xbb',
    blockTimeUnixSeconds: 1_795_000_000,
    txHash: '0xaa',
    position: 0,
    contract,
    from: '0xff',
    to: '0x01',
    amountAtomic: 5n,
    authorizationNonce: null,
    ...changes,
  };
}

describe('newTransfers', () => {
  it('leaves out what touches no wallet, or a wallet in another token', () => {
    const transfers = [buildTransfer({ to: '0x09' }), buildTransfer({ contract: '0xc1', position: 1 })];
    expect(newTransfers(transfers, [buildWallet()], networks)).toEqual([]);
  });

  it('leaves what came before a wallet was watched to its opening balance', () => {
    const transfers = [buildTransfer({ blockNumber: 9n }), buildTransfer({ position: 1 })];
    expect(newTransfers(transfers, [buildWallet()], networks).map((row) => row.position)).toEqual([1]);
  });

  it('makes one row of a transfer that was told twice', () => {
    expect(newTransfers([buildTransfer(), buildTransfer()], [buildWallet()], networks)).toHaveLength(1);
  });

  it('makes one row for each book, with the wallets of that book alone', () => {
    const wallets = [buildWallet(), buildWallet({ bookId: 2, walletId: 'w2', address: '0xff' })];
    const rows = newTransfers([buildTransfer()], wallets, networks);
    expect(rows.map(({ bookId, fromWalletId, toWalletId }) => [bookId, fromWalletId, toWalletId])).toEqual([
      [2, 'w2', null],
      [1, null, 'w1'],
    ]);
  });

  it('gives the same keys in whatever order the node tells a transaction', () => {
    const transfers = [0, 1, 2].map((position) => buildTransfer({ position }));
    const keysOf = (list: readonly Transfer[]) =>
      new Map(newTransfers(list, [buildWallet()], networks).map((row) => [row.position, row.replayKeyHash]));
    expect(keysOf([...transfers].reverse())).toEqual(keysOf(transfers));
    expect(new Set([...keysOf(transfers).values()].map((key) => key.join())).size).toBe(3);
  });
});
