import { assert, encodeId } from '@tollbook/domain';
import { assetOf, type BookRecord, type Catalog, networkOf, type SetupStore } from '@tollbook/usecases';
import type { ConfigurationChange } from '../change-configuration.js';
import { toDbHex } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { assignWallet, insertWallet, insertWalletAsset, selectWalletByAddress } from '../queries/save-wallet.js';
import type { Session } from '../session.js';
import { SetupRefused } from '../setup-refused.js';

type WalletSetup = Parameters<SetupStore['ensureWallet']>[0] & {
  readonly book: BookRecord;
  readonly catalog: Catalog;
  readonly networks: NetworkIds;
};

/**
 * Adds what is missing of a receiving wallet: the wallet, its token with the blocks it is followed from, and its
 * assignment. An address belongs to one book for ever, since a replay key is unique within its book alone.
 */
export async function setupWallet(session: Session, setup: WalletSetup): Promise<ConfigurationChange<string>> {
  const { bookId, book, network, assetId, label, watchFromBlock } = setup;
  if (networkOf(setup.catalog, network).mode !== book.mode) {
    throw new SetupRefused(`${network} is not a network for ${book.mode} money`);
  }
  assert(assetOf(setup.catalog, assetId).network === network, 'a wallet follows tokens of its own network');
  const networkId = setup.networks.idOf(network);
  const address = toDbHex(setup.address);

  const isNew = await insertWallet(session, { bookId, walletId: newId(), networkId, address, label });
  const walletId = await selectWalletByAddress(session, { bookId, networkId, address });
  if (walletId === null) throw new SetupRefused(`the wallet ${setup.address} on ${network} belongs to another book`);
  const isFollowed = await insertWalletAsset(session, {
    bookId,
    walletId,
    assetId,
    watchFromBlock,
    liveFromBlock: watchFromBlock,
  });
  const isAssigned = await assignWallet(session, { bookId, walletAssignmentId: newId(), networkId, walletId });
  const isChanged = isNew || isFollowed || isAssigned;
  const audit = {
    action: isNew ? 'wallet.added' : isAssigned ? 'wallet.assigned' : 'wallet.followed',
    targetKind: 'wallet',
    targetId: encodeId('wallet', walletId),
    before: null,
    after: { network, address: setup.address, label, isReceiving: isAssigned },
    reason: '',
  };
  return { result: walletId, isChanged, audit: isChanged ? [audit] : [] };
}
