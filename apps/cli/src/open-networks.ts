import type { Config } from '@tollbook/config';
import { addressOfKey, createEvmChainReader, createEvmRpc, createRpcPool, type EvmRpc } from '@tollbook/evm';
import { readSandboxState } from '@tollbook/sandbox';
import type { Catalog, ChainReader } from '@tollbook/usecases';

/** A network whose nodes are configured. */
export type OpenNetwork = {
  readonly network: string;
  readonly chainId: number;
  /** Whether its node rests when nothing happens, so that its newest block may be old. */
  readonly isSandbox: boolean;
  /** Who pays for gas there, and how much should be left; null where nobody does. */
  readonly gas: { readonly address: string; readonly balanceMinWei: bigint } | null;
  /** Each node by itself, unchecked. */
  readonly nodes: readonly { readonly name: string; readonly rpc: EvmRpc }[];
  /** All of them as one, each checked before it is asked anything else. */
  readonly reader: ChainReader;
};

const rpcTimeoutMs = 10_000;

/** The networks that this instance has nodes for, by CAIP-2. */
export function openNetworks(config: Config, catalog: Pick<Catalog, 'assets'>): ReadonlyMap<string, OpenNetwork> {
  const networks = new Map<string, OpenNetwork>();
  const add = (network: string, urls: readonly string[], isSandbox: boolean, gasAddress: string | null) => {
    const chainId = Number(network.slice('eip155:'.length));
    const nodes = urls.map((url, index) => {
      const rpc = createEvmRpc({ network, url, timeoutMs: rpcTimeoutMs });
      return { name: isSandbox ? 'sandbox' : `node ${index + 1}`, rpc };
    });
    const assets = catalog.assets.filter((each) => each.network === network);
    const reader = createEvmChainReader({ network, rpc: createRpcPool({ network, chainId, assets, nodes }) });
    const balanceMinWei = config.gas[network]?.balanceMinWei ?? 0n;
    const gas = gasAddress === null ? null : { address: gasAddress, balanceMinWei };
    networks.set(network, { network, chainId, isSandbox, gas, nodes, reader });
  };
  const sandbox = config.isSandboxOn ? readSandboxState(config.dataDir) : null;
  if (sandbox !== null) {
    add(`eip155:${sandbox.evm.chainId}`, [sandbox.evm.rpcUrl], true, sandbox.gasSigner.evmAddress.toLowerCase());
  }
  const gasAddress = config.gasKey === undefined ? null : addressOfKey(config.gasKey);
  for (const [network, urls] of Object.entries(config.rpcUrls)) add(network, urls, false, gasAddress);
  return networks;
}
