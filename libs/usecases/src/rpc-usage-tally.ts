import type { RpcUsage, RpcUsageStore } from './ports/rpc-usage-store.js';

/** Counts what nodes are asked until it is kept. */
export class RpcUsageTally {
  private readonly counts = new Map<string, RpcUsage>();

  asked(network: string, node: string, calls: number): void {
    this.add({ network, node, requests: 1, calls });
  }

  /** Keeps what was counted since the last time; what cannot be kept is counted again with the next. */
  async keep(store: RpcUsageStore): Promise<void> {
    const counted = [...this.counts.values()];
    if (counted.length === 0) return;
    this.counts.clear();
    try {
      await store.add(counted);
    } catch (error) {
      for (const usage of counted) this.add(usage);
      throw error;
    }
  }

  private add({ network, node, requests, calls }: RpcUsage): void {
    const key = `${network} ${node}`;
    const known = this.counts.get(key);
    this.counts.set(key, {
      network,
      node,
      requests: requests + (known?.requests ?? 0),
      calls: calls + (known?.calls ?? 0),
    });
  }
}
