import type { Catalog, ConfigurationStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbPriceVersion, fromDbReceiver } from '../mapping/endpoint.mapping.js';
import { fromDbApiKey, fromDbWallet } from '../mapping/wallet.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { listApiKeyRows } from '../queries/list-api-keys.js';
import { readEndpointWeeks } from '../queries/read-endpoint-weeks.js';
import { listEndpointRows, listPriceVersions, readPriceVersion } from '../queries/read-endpoints.js';
import { readReceivers } from '../queries/read-receivers.js';
import { listWalletRows, readWallet } from '../queries/read-wallets.js';
import { inTransaction, type Session } from '../session.js';
import { openConfigurationTx } from './pg-configuration-tx.js';
import { oneEndpoint, withPrices } from './read-endpoint-records.js';

export type ConfigurationDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Catalog;
};

/** The configuration of books. Throws `StoreUnavailable` when the database is away. */
export function createConfigurationStore({ pool, catalog }: ConfigurationDeps): ConfigurationStore {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    change: (caller, work) =>
      changeConfiguration(
        pool,
        caller.bookId,
        async (session, book) => {
          const { result, audit } = await work(await openConfigurationTx(session, book, networks));
          return { result, isChanged: audit.length > 0, audit };
        },
        caller,
      ),
    listEndpoints: (bookId, filter, limit) =>
      reading(bookId, async (session) =>
        withPrices(session, bookId, networks, await listEndpointRows(session, bookId, filter, limit)),
      ),
    endpoint: (bookId, endpointId) => reading(bookId, (session) => oneEndpoint(session, bookId, networks, endpointId)),
    takings: (bookId, endpointIds, sinceDay) =>
      reading(bookId, async (session) => {
        const rows = endpointIds.length === 0 ? [] : await readEndpointWeeks(session, bookId, endpointIds, sinceDay);
        return rows.map((row) => ({
          endpointId: row.endpoint_id,
          assetId: row.asset_id,
          count: Number(row.count),
          amountAtomic: BigInt(row.amount_atomic),
        }));
      }),
    receivers: (bookId) =>
      reading(bookId, async (session) =>
        (await readReceivers(session, bookId)).map((row) => fromDbReceiver(row, networks)),
      ),
    listWallets: (bookId, { network, after }, limit) => {
      const known = network === null ? null : catalog.networks.find((each) => each.network === network);
      // A network that nobody knows has no wallets.
      if (known === undefined) return Promise.resolve([]);
      const filter = { networkId: known?.networkId ?? null, after };
      return reading(bookId, async (session) =>
        (await listWalletRows(session, bookId, filter, limit)).map((row) => fromDbWallet(row, networks)),
      );
    },
    wallet: (bookId, walletId) =>
      reading(bookId, async (session) => {
        const row = await readWallet(session, bookId, walletId);
        return row === null ? null : fromDbWallet(row, networks);
      }),
    listApiKeys: (bookId, filter, limit) =>
      reading(bookId, async (session) => (await listApiKeyRows(session, bookId, filter, limit)).map(fromDbApiKey)),
    priceVersion: (bookId, priceVersionId) =>
      reading(bookId, async (session) => {
        const row = await readPriceVersion(session, bookId, priceVersionId);
        return row === null ? null : fromDbPriceVersion(row, networks);
      }),
    listPrices: (bookId, endpointId, after, limit) =>
      reading(bookId, async (session) =>
        (await listPriceVersions(session, bookId, endpointId, after, limit)).map((row) =>
          fromDbPriceVersion(row, networks),
        ),
      ),
  };
}
