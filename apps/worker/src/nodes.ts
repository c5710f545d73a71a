import type { Config } from '@tollbook/config';
import {
  createBuiltInSettlement,
  createEvmChainReader,
  createEvmRpc,
  type EvmRpc,
  type GasSigner,
} from '@tollbook/evm';
import { readSandboxState } from '@tollbook/sandbox';
import { type ChainReader, ChainUnavailable, type SettlementGateway } from '@tollbook/usecases';
import { RpcTally, tallyRpc } from './rpc-tally.js';

/** The node of one network, as this process uses it. */
export type Node = {
  readonly network: string;
  readonly rpcUrl: string;
  /** The sandbox's chain rests when nothing happens and can be told to mine. */
  readonly isSandbox: boolean;
  readonly reader: ChainReader;
  /** For sending what is signed already; this process signs nothing. */
  readonly settlement: SettlementGateway;
  /** Every request of this process to the node. */
  readonly tally: RpcTally;
  /** Asked often, so it is the smallest question there is. */
  headNumber(): Promise<bigint>;
};

const rpcTimeoutMs = 5_000;

/** The nodes of this process by network. So far: the sandbox's own chain. */
export class Nodes {
  private readonly nodes = new Map<string, Node>();

  constructor(private readonly config: Pick<Config, 'dataDir' | 'isSandboxOn'>) {
    this.refresh();
  }

  networks(): readonly string[] {
    return [...this.nodes.keys()];
  }

  nodeOf(network: string): Node | undefined {
    return this.nodes.get(network);
  }

  /**
   * Looks where the sandbox's chain listens now: it may have been started after this process, or again on another port.
   * Throws `SandboxUnavailableError` when its record is damaged.
   */
  refresh(): void {
    const sandbox = this.config.isSandboxOn ? readSandboxState(this.config.dataDir) : null;
    if (!sandbox) return;
    const { rpcUrl, chainId } = sandbox.evm;
    const network = `eip155:${chainId}`;
    if (this.nodes.get(network)?.rpcUrl === rpcUrl) return;
    this.nodes.set(network, openNode({ network, chainId, rpcUrl, isSandbox: true }));
  }
}

function openNode(place: { network: string; chainId: number; rpcUrl: string; isSandbox: boolean }): Node {
  const { network, chainId, rpcUrl } = place;
  const tally = new RpcTally();
  const rpc = tallyRpc(createEvmRpc({ network, url: rpcUrl, timeoutMs: rpcTimeoutMs }), tally);
  return {
    ...place,
    tally,
    reader: createEvmChainReader({ network, rpc }),
    settlement: createBuiltInSettlement({ rpc, chainId, signer: noSigner }),
    headNumber: () => headNumber(rpc),
  };
}

async function headNumber(rpc: EvmRpc): Promise<bigint> {
  const answer = await rpc.request('eth_blockNumber', []);
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,16}$/i.test(answer)) {
    throw new ChainUnavailable(rpc.network, 'eth_blockNumber: the answer makes no sense');
  }
  return BigInt(answer);
}

/** The gas key stays with the api: the worker sends again what was signed there. */
const noSigner: GasSigner = {
  address: '0x0000000000000000000000000000000000000000',
  signTransaction: () => Promise.reject(new Error('the worker signs nothing')),
};
