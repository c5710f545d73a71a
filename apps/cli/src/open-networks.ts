import type { Config } from '@tollbook/config';
import { createEvmChainReader, createEvmRpc, createRpcPool, type EvmRpc } from '@tollbook/evm';
import { readSandboxState } from '@tollbook/sandbox';
import type { Catalog, ChainReader } from '@tollbook/usecases';

/** A network whose nodes are configured. */
export type OpenNetwork = {
  readonly network: string;
  readonly chainId: number;
  /** Whether its node rests when nothing happens, so that its newest block may be old. */
  readonly isSandbox: boolean;
  /** Each node by itself, unchecked. */
  readonly nodes: readonly { readonly name: string; readonly rpc: EvmRpc }[];
  /** All of them as one, each checked before it is asked anything else. */
  readonly reader: ChainReader;
};

const rpcTimeoutMs = 10_000;

/** The networks that this instance has nodes for, by CAIP-2. */
export function openNetworks(config: Config, catalog: Pick<Catalog, 'assets'>): ReadonlyMap<string, OpenNetwork> {
  const networks = new Map<string, OpenNetwork>();
  const add = (network: string, urls: readonly string[], isSandbox: boolean) => {
    const chainId = Number(network.slice('eip155:'.length));
    const nodes = urls.map((url, index) => {
      const rpc = createEvmRpc({ network, url, timeoutMs: rpcTimeoutMs });
      return { name: isSandbox ? 'sandbox' : `node ${index + 1}`, rpc };
    });
    const assets = catalog.assets.filter((each) => each.network === network);
    const reader = createEvmChainReader({ network, rpc: createRpcPool({ network, chainId, assets, nodes }) });
    networks.set(network, { network, chainId, isSandbox, nodes, reader });
  };
  const sandbox = config.isSandboxOn ? readSandboxState(config.dataDir) : null;
  if (sandbox !== null) add(`eip155:${sandbox.evm.chainId}`, [sandbox.evm.rpcUrl], true);
  for (const [network, urls] of Object.entries(config.rpcUrls)) add(network, urls, false);
  return networks;
}
