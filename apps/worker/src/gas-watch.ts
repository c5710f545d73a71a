import type { Config } from '@tollbook/config';
import type { Logger } from '@tollbook/telemetry';
import type { GasSight } from '@tollbook/usecases';
import type { Node } from './nodes.js';

type WatchedNodes = {
  networks(): readonly string[];
  nodeOf(network: string): Pick<Node, 'gasAddress' | 'gasBalance'> | undefined;
};

/** How much gas money the built-in facilitator has left on each network, as it was read last. */
export class GasWatch {
  private readonly seen = new Map<string, GasSight>();

  constructor(
    private readonly nodes: WatchedNodes,
    private readonly gas: Config['gas'],
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  sights(): readonly GasSight[] {
    return [...this.seen.values()];
  }

  /** Reads every balance; a node that is away leaves what was read before, with its time. */
  async look(): Promise<{ readonly read: number; readonly low: number; readonly failed: number }> {
    const results = await Promise.allSettled(this.nodes.networks().map((network) => this.lookAt(network)));
    const sights = results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    return { read: sights.length, low: sights.filter(isLow).length, failed };
  }

  private async lookAt(network: string): Promise<GasSight | null> {
    const node = this.nodes.nodeOf(network);
    if (!node || node.gasAddress === null) return null;
    const balanceWei = await node.gasBalance(node.gasAddress);
    const balanceMinWei = this.gas[network]?.balanceMinWei ?? 0n;
    const sight = { network, address: node.gasAddress, balanceWei, balanceMinWei, readAtMs: this.nowMs() };
    const before = this.seen.get(network);
    this.seen.set(network, sight);
    // Told when it changes, not with every look.
    if (isLow(sight) !== (before !== undefined && isLow(before))) this.tell(sight);
    return sight;
  }

  private tell(sight: GasSight): void {
    const { network, address, balanceWei, balanceMinWei } = sight;
    const fields = { network, address, balance_wei: `${balanceWei}`, minimum_wei: `${balanceMinWei}` };
    if (isLow(sight)) this.logger.warn(fields, 'gas balance is low');
    else this.logger.info(fields, 'gas balance is enough again');
  }
}

function isLow({ balanceWei, balanceMinWei }: GasSight): boolean {
  return balanceWei < balanceMinWei;
}
