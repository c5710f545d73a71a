import { describe, expect, it } from 'vitest';
import type { RpcUsage } from './ports/rpc-usage-store.js';
import { RpcUsageTally } from './rpc-usage-tally.js';

const network = 'eip155:8453';

function openStore() {
  const store = {
    kept: [] as RpcUsage[],
    isAway: false,
    add: async (usages: readonly RpcUsage[]) => {
      if (store.isAway) throw new Error('away');
      store.kept.push(...usages);
    },
  };
  return store;
}

describe('RpcUsageTally', () => {
  it('keeps requests and the calls in them, a node for itself, once', async () => {
    const [tally, store] = [new RpcUsageTally(), openStore()];
    tally.asked(network, 'node 1', 1);
    tally.asked(network, 'node 1', 4);
    tally.asked(network, 'node 2', 2);
    await tally.keep(store);
    await tally.keep(store);
    expect(store.kept).toEqual([
      { network, node: 'node 1', requests: 2, calls: 5 },
      { network, node: 'node 2', requests: 1, calls: 2 },
    ]);
  });

  it('forgets nothing that could not be kept', async () => {
    const [tally, store] = [new RpcUsageTally(), openStore()];
    tally.asked(network, 'node 1', 3);
    store.isAway = true;
    await expect(tally.keep(store)).rejects.toThrow('away');
    tally.asked(network, 'node 1', 1);
    store.isAway = false;
    await tally.keep(store);
    expect(store.kept).toEqual([{ network, node: 'node 1', requests: 2, calls: 4 }]);
  });
});
