import { assert } from '@tollbook/domain';
import type { BookRecord, ConfigurationTx } from '@tollbook/usecases';
import { toDbHex } from '../mapping/column.mapping.js';
import { fromDbPriceVersion, fromDbReceiver } from '../mapping/endpoint.mapping.js';
import { toDbTermsNetworks } from '../mapping/terms.mapping.js';
import { fromDbApiKey, fromDbWallet } from '../mapping/wallet.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { archiveEndpointRow, changeEndpointRow, endTerms, insertWholeEndpoint } from '../queries/change-endpoint.js';
import { insertDatedApiKey, readApiKey, replaceApiKeySecret, revokeApiKey } from '../queries/list-api-keys.js';
import { listEndpointRows, readPriceVersion } from '../queries/read-endpoints.js';
import { readReceivers } from '../queries/read-receivers.js';
import { readWallet } from '../queries/read-wallets.js';
import { holdNextBlock, receiveByWallet } from '../queries/receive-by-wallet.js';
import { insertPriceVersion, insertTerms, readClock } from '../queries/save-price-version.js';
import { insertWallet, insertWalletAsset } from '../queries/save-wallet.js';
import type { Session } from '../session.js';
import { oneEndpoint, withPrices } from './read-endpoint-records.js';

/** The statements of one change of a book's configuration; the book is held by its dbTx. */
export async function openConfigurationTx(
  session: Session,
  book: BookRecord,
  networks: NetworkIds,
): Promise<ConfigurationTx> {
  const clock = await readClock(session);
  assert(clock !== undefined, 'the database tells the time');
  const { bookId } = book;
  // The driver drops microseconds; what happens now must not lie before what the database has seen.
  const nowMs = clock.getTime() + 1;
  return {
    book,
    nowMs,
    endpoints: async () =>
      withPrices(
        session,
        bookId,
        networks,
        await listEndpointRows(session, bookId, { state: null, after: null }, null),
      ),
    endpoint: (endpointId) => oneEndpoint(session, bookId, networks, endpointId),
    priceVersion: async (priceVersionId) => {
      const row = await readPriceVersion(session, bookId, priceVersionId);
      return row === null ? null : fromDbPriceVersion(row, networks);
    },
    receivers: async () => (await readReceivers(session, bookId)).map((row) => fromDbReceiver(row, networks)),
    insertEndpoint: (draft) => insertWholeEndpoint(session, bookId, draft),
    updateEndpoint: (endpointId, change) => changeEndpointRow(session, bookId, endpointId, change),
    archiveEndpoint: (endpointId) => archiveEndpointRow(session, bookId, endpointId),
    insertPriceVersion: ({ effectiveFromMs, amounts, ...version }) =>
      insertPriceVersion(session, {
        ...version,
        bookId,
        effectiveFrom: new Date(effectiveFromMs),
        amounts: amounts.map(({ network, ...amount }) => ({ ...amount, networkId: networks.idOf(network) })),
      }),
    endTerms: (endpointId, atMs) => endTerms(session, bookId, endpointId, new Date(atMs), new Date(nowMs)),
    insertTerms: ({ networks: accepted, inForceFromMs, untilMs, ...terms }) =>
      insertTerms(session, {
        ...terms,
        bookId,
        pricedQuery: [],
        pricesBody: false,
        networks: toDbTermsNetworks(accepted),
        inForceFrom: new Date(inForceFromMs),
        supersededAt: untilMs === null ? null : new Date(untilMs),
      }),
    wallet: async (walletId) => {
      const row = await readWallet(session, bookId, walletId);
      return row === null ? null : fromDbWallet(row, networks);
    },
    insertWallet: ({ network, address, ...wallet }) =>
      insertWallet(session, { ...wallet, bookId, networkId: networks.idOf(network), address: toDbHex(address) }),
    followAsset: async (followed) => {
      await insertWalletAsset(session, { ...followed, bookId });
    },
    assignWallet: ({ walletId, network }, reason, actorId) => {
      const networkId = networks.idOf(network);
      const assignment = { bookId, walletAssignmentId: newId(), networkId, walletId, reason, actorId };
      return receiveByWallet(session, { ...assignment, from: clock });
    },
    holdNextBlock: (network) => holdNextBlock(session, networks.idOf(network)),
    apiKey: async (apiKeyId) => {
      const row = await readApiKey(session, bookId, apiKeyId);
      return row === null ? null : fromDbApiKey(row);
    },
    insertApiKey: (draft) => insertDatedApiKey(session, bookId, draft),
    replaceApiKeySecret: (apiKeyId, secret) => replaceApiKeySecret(session, bookId, apiKeyId, secret),
    revokeApiKey: (apiKeyId) => revokeApiKey(session, bookId, apiKeyId),
  };
}
