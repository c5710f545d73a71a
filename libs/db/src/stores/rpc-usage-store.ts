import type { Catalog, RpcUsageStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { NetworkIds } from '../network-ids.js';
import { withSession } from '../session.js';
import { addRpcUsage } from '../statements/rpc-usage.js';

export type RpcUsageStoreDeps = {
  /** Acts as tollbook_app or tollbook_worker. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** Keeps what nodes are asked in a month. Throws `StoreUnavailable` when the database is away. */
export function createRpcUsageStore({ pool, catalog }: RpcUsageStoreDeps): RpcUsageStore {
  const networks = new NetworkIds(catalog.networks);
  return {
    add: (usages) =>
      withSession(pool, (session) =>
        addRpcUsage(
          session,
          usages.map((usage) => ({ ...usage, networkId: networks.idOf(usage.network) })),
        ),
      ),
  };
}
