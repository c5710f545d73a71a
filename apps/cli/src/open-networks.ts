import type { Config } from '@tollbook/config';
import { createEvmChainReader, createEvmRpc, type EvmRpc } from '@tollbook/evm';
import { readSandboxState } from '@tollbook/sandbox';
import type { ChainReader } from '@tollbook/usecases';

/** A network whose node is configured. */
export type OpenNetwork = {
  readonly network: string;
  readonly chainId: number;
  /** Whether its node rests when nothing happens, so that its newest block may be old. */
  readonly isSandbox: boolean;
  readonly rpc: EvmRpc;
  readonly reader: ChainReader;
};

const rpcTimeoutMs = 10_000;

/** The networks that this instance has a node for, by CAIP-2. So far: the sandbox's own chain. */
export function openNetworks(config: Config): ReadonlyMap<string, OpenNetwork> {
  const networks = new Map<string, OpenNetwork>();
  const sandbox = config.isSandboxOn ? readSandboxState(config.dataDir) : null;
  if (sandbox === null) return networks;
  const { chainId, rpcUrl } = sandbox.evm;
  const network = `eip155:${chainId}`;
  const rpc = createEvmRpc({ network, url: rpcUrl, timeoutMs: rpcTimeoutMs });
  const reader = createEvmChainReader({ network, rpc });
  return networks.set(network, { network, chainId, isSandbox: true, rpc, reader });
}
