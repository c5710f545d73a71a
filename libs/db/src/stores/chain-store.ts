import type { BlockHeader } from '@tollbook/domain';
import { type Catalog, type ChainStore, LeaseLost } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbChainCheck } from '../mapping/chain-check.mapping.js';
import { fromDbHex } from '../mapping/column.mapping.js';
import { fromDbCursor } from '../mapping/cursor.mapping.js';
import { fromDbCoverageGap, fromDbWatchedWallet } from '../mapping/wallet.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { inTransaction, withSession } from '../session.js';
import { beginInAllBooks } from '../statements/begin-transaction.js';
import { type HeaderRow, selectChainTimes, selectHeadersFrom } from '../statements/block-headers.js';
import { selectChainChecks } from '../statements/chain-checks.js';
import { selectCoverageGaps } from '../statements/coverage-gaps.js';
import { selectCursor } from '../statements/cursors.js';
import { holdLease, releaseLease, takeLease } from '../statements/leases.js';
import { selectOpenNonces } from '../statements/select-open-nonces.js';
import { selectWatchedWallets } from '../statements/select-watched-wallets.js';
import { loadCatalog } from './catalog.js';
import { PgChainTx } from './pg-chain-tx.js';

export type ChainStoreDeps = {
  /** Acts as tollbook_worker. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** The worker's side of the database. Throws `StoreUnavailable` when the database is away. */
export function createChainStore({ pool, catalog }: ChainStoreDeps): ChainStore {
  const networks = new NetworkIds(catalog.networks);
  return {
    networks: async () => (await loadCatalog(pool)).networks,
    cursor: async (network) => {
      const row = await withSession(pool, (session) => selectCursor(session, networks.idOf(network)));
      return row === null ? null : fromDbCursor(network, row);
    },
    watchedWallets: async (network) =>
      (await withSession(pool, (session) => selectWatchedWallets(session, networks.idOf(network)))).map(
        fromDbWatchedWallet,
      ),
    headersFrom: async (network, fromNumber) =>
      (await withSession(pool, (session) => selectHeadersFrom(session, networks.idOf(network), fromNumber))).map(
        headerOf,
      ),
    coverageGaps: async (network) =>
      (await withSession(pool, (session) => selectCoverageGaps(session, networks.idOf(network)))).map(
        fromDbCoverageGap,
      ),
    chainChecks: async (network) =>
      (await withSession(pool, (session) => selectChainChecks(session, networks.idOf(network)))).map((row) =>
        fromDbChainCheck(network, row),
      ),
    openNonces: async (network, limit) =>
      (await withSession(pool, (session) => selectOpenNonces(session, networks.idOf(network), limit))).map(fromDbHex),
    chainTimes: async () =>
      (await withSession(pool, selectChainTimes)).map((row) => ({
        network: row.caip2,
        timeUnixSeconds: row.time.getTime() / 1000,
      })),
    takeLease: async (name, holder, durationMs) => {
      const fence = await withSession(pool, (session) => takeLease(session, name, holder, durationMs));
      return fence === null ? null : { name, holder, fence };
    },
    releaseLease: (lease) => withSession(pool, (session) => releaseLease(session, lease)),
    underLease: (lease, work) =>
      inTransaction(pool, beginInAllBooks, async (session, nowMs) => {
        if (!(await holdLease(session, lease))) throw new LeaseLost(`the lease ${lease.name} has passed to another`);
        const tx = new PgChainTx(session, networks, nowMs, lease);
        const result = await work(tx);
        await tx.saveRollups();
        return result;
      }),
  };
}

function headerOf(row: HeaderRow): BlockHeader {
  return {
    number: row.number,
    hash: fromDbHex(row.block_hash),
    parentHash: fromDbHex(row.parent_hash),
    timeUnixSeconds: row.time.getTime() / 1000,
  };
}
