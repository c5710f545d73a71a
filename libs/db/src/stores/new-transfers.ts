import { asciiBytes, authorizationReplayKey, type Transfer, transactionReplayKey } from '@tollbook/domain';
import type { WatchedWallet } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { sha256 } from '../sha256.js';
import type { NewTransfer } from '../statements/insert-transfers.js';

/**
 * The rows that transfers become: one for each book whose wallets they touch, with both wallets where one book owns
 * both. What a wallet received before it was watched belongs to its opening balance and becomes no row; a transfer
 * that was told twice becomes one.
 */
export function newTransfers(
  transfers: readonly Transfer[],
  wallets: readonly WatchedWallet[],
  networks: NetworkIds,
): NewTransfer[] {
  const walletOf = new Map(wallets.map((wallet) => [`${wallet.address} ${wallet.contract}`, wallet]));
  const find = (address: string, { contract, blockNumber }: Transfer) => {
    const wallet = walletOf.get(`${address} ${contract}`);
    return wallet && wallet.watchFromBlock <= blockNumber ? wallet : undefined;
  };
  const rows = new Map<string, NewTransfer>();
  const received = new Map<string, number>();
  for (const transfer of inOrder(transfers)) {
    const from = find(transfer.from, transfer);
    const to = find(transfer.to, transfer);
    for (const bookId of new Set([from, to].flatMap((wallet) => (wallet ? [wallet.bookId] : [])))) {
      const key = `${bookId} ${transfer.blockHash} ${transfer.txHash} ${transfer.position}`;
      const own = [from, to].find((wallet) => wallet?.bookId === bookId);
      if (rows.has(key) || !own) continue;
      const counter = `${bookId} ${transfer.blockHash} ${transfer.txHash}`;
      const nth = received.get(counter) ?? 0;
      const toWalletId = to?.bookId === bookId ? to.walletId : null;
      if (toWalletId !== null) received.set(counter, nth + 1);
      rows.set(key, {
        ...factsOf(transfer),
        bookId,
        transferId: newId(),
        networkId: networks.idOf(transfer.network),
        assetId: own.assetId,
        fromWalletId: from?.bookId === bookId ? from.walletId : null,
        toWalletId,
        replayKeyHash: sha256(asciiBytes(replayKeyOf(transfer, nth))),
      });
    }
  }
  return [...rows.values()];
}

/** By place in the chain: the n-th transfer to us in a transaction is counted in the order of its logs. */
function inOrder(transfers: readonly Transfer[]): Transfer[] {
  return [...transfers].sort((a, b) =>
    a.blockNumber === b.blockNumber ? a.position - b.position : a.blockNumber < b.blockNumber ? -1 : 1,
  );
}

function factsOf(transfer: Transfer) {
  const { blockNumber, blockHash, blockTimeUnixSeconds, txHash, position, from, to, amountAtomic } = transfer;
  return { blockNumber, blockHash, blockTimeUnixSeconds, txHash, position, from, to, amountAtomic };
}

function replayKeyOf(transfer: Transfer, nthReceived: number): string {
  const { contract, from, authorizationNonce, txHash } = transfer;
  return authorizationNonce === null
    ? transactionReplayKey(txHash, nthReceived)
    : authorizationReplayKey(contract, from, authorizationNonce);
}
