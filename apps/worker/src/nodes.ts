import { type Config, rpcRateOf } from '@tollbook/config';
import {
  addressOfKey,
  createBuiltInSettlement,
  createEvmChainReader,
  createEvmRpc,
  createHeadSocket,
  createRpcPool,
  defaultFeePolicy,
  type EvmRpc,
  type GasSigner,
  type HeadSocket,
  type MeterOptions,
  meteredRpc,
  nativeBalanceOf,
  noGasSigner,
  RateBudget,
  type RpcPool,
} from '@tollbook/evm';
import { readSandboxState } from '@tollbook/sandbox';
import {
  type Catalog,
  type ChainReader,
  ChainUnavailable,
  networkOf,
  type RpcUsageTally,
  type SettlementGateway,
} from '@tollbook/usecases';
import { RpcTally, tallyRpc } from './rpc-tally.js';

/** The nodes of one network, as this process uses them. */
export type Node = {
  readonly network: string;
  /** In the order in which they are asked; never shown, since they may hold keys. */
  readonly rpcUrls: readonly string[];
  /** The sandbox's chain rests when nothing happens and can be told to mine. */
  readonly isSandbox: boolean;
  readonly pool: RpcPool;
  readonly reader: ChainReader;
  /** The chain as another node tells it, where there are several. */
  readonly secondReader: ChainReader;
  /** For sending what is signed already. Nothing new is signed here but what takes the place of what is stuck. */
  readonly settlement: SettlementGateway;
  /** Who pays for gas there, lower-case; null where nobody does. */
  readonly gasAddress: string | null;
  /** What an account has of the network's own coin, in wei. */
  gasBalance(address: string): Promise<bigint>;
  /** Every request of this process to each node, by its name. */
  readonly tallies: ReadonlyMap<string, RpcTally>;
  /** Asked often, so it is the smallest question there is. */
  headNumber(): Promise<bigint>;
  /** Tells of new blocks as they come; null where no WebSocket is named. To be stopped by whoever listens. */
  listen: ((listener: HeadListener) => HeadSocket) | null;
};

export type HeadListener = {
  readonly onHead: (number: bigint) => void;
  readonly onTrouble: (reason: string | null) => void;
};

/** The key of a gas signer; null where nobody here has it. */
type SignerOf = (network: string, address: string) => Promise<GasSigner | null>;

type Place = {
  readonly network: string;
  readonly rpcUrls: readonly string[];
  readonly wsUrls: readonly string[];
  readonly isSandbox: boolean;
  readonly gasAddress: string | null;
};

const rpcTimeoutMs = 5_000;

/** The nodes of this process by network: those that are configured, and the sandbox's own chain. */
export class Nodes {
  private readonly nodes = new Map<string, Node>();

  constructor(
    private readonly config: Pick<
      Config,
      'dataDir' | 'isSandboxOn' | 'rpcUrls' | 'wsUrls' | 'rpcRates' | 'gasKey' | 'gas'
    >,
    private readonly catalog: Catalog,
    /** Keys for what is stuck and has to be signed anew. */
    private readonly signerOf: SignerOf,
    private readonly usage: RpcUsageTally,
  ) {
    const gasAddress = config.gasKey === undefined ? null : addressOfKey(config.gasKey);
    for (const [network, rpcUrls] of Object.entries(config.rpcUrls)) {
      this.open({ network, rpcUrls, wsUrls: config.wsUrls[network] ?? [], isSandbox: false, gasAddress });
    }
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
    if (this.nodes.get(network)?.rpcUrls[0] === rpcUrl) return;
    const gasAddress = sandbox.gasSigner.evmAddress.toLowerCase();
    // Its chain rests when nothing happens, so that silence of a socket would say nothing.
    this.open({ network, rpcUrls: [rpcUrl], wsUrls: [], isSandbox: true, gasAddress });
  }

  private open(place: Place): void {
    const assets = this.catalog.assets.filter((each) => each.network === place.network);
    const feeMaxWei = this.config.gas[place.network]?.feeMaxWei ?? defaultFeePolicy.maxFeePerGasWeiMax;
    const rates = place.isSandbox ? undefined : this.config.rpcRates[place.network];
    const meter = (at: number, name: string) => ({
      budget: budgetOf(rpcRateOf(rates, at)),
      onAsked: (calls: number) => this.usage.asked(place.network, name, calls),
    });
    const { blockMs } = networkOf(this.catalog, place.network);
    this.nodes.set(place.network, openNode(place, assets, blockMs, feeMaxWei, this.signerOf, meter));
  }
}

function budgetOf(callsPerSecond: number | undefined): RateBudget | undefined {
  return callsPerSecond === undefined ? undefined : new RateBudget(callsPerSecond);
}

function openNode(
  place: Place,
  assets: Catalog['assets'],
  blockMs: number,
  maxFeePerGasWeiMax: bigint,
  signerOf: SignerOf,
  meter: (at: number, name: string) => MeterOptions,
): Node {
  const { network, rpcUrls, wsUrls, isSandbox } = place;
  const chainId = Number(network.slice('eip155:'.length));
  const tallies = new Map<string, RpcTally>();
  const nodes = rpcUrls.map((url, index) => {
    const name = isSandbox ? 'sandbox' : `node ${index + 1}`;
    const tally = new RpcTally();
    tallies.set(name, tally);
    const rpc = tallyRpc(createEvmRpc({ network, url, timeoutMs: rpcTimeoutMs }), tally);
    return { name, rpc: meteredRpc(rpc, meter(index, name)) };
  });
  const pool = createRpcPool({ network, chainId, assets, nodes });
  return {
    ...place,
    pool,
    tallies,
    reader: createEvmChainReader({ network, rpc: pool }),
    secondReader: createEvmChainReader({ network, rpc: pool.others }),
    settlement: createBuiltInSettlement({
      rpc: pool,
      chainId,
      signer: noGasSigner,
      signerOf: (address) => signerOf(network, address),
      feePolicy: { ...defaultFeePolicy, maxFeePerGasWeiMax },
    }),
    headNumber: () => headNumber(pool),
    listen:
      wsUrls.length === 0 ? null : (listener) => createHeadSocket({ chainId, urls: wsUrls, blockMs, ...listener }),
    gasBalance: (address) => nativeBalanceOf(pool, address),
  };
}

async function headNumber(rpc: EvmRpc): Promise<bigint> {
  const answer = await rpc.request('eth_blockNumber', []);
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,16}$/i.test(answer)) {
    throw new ChainUnavailable(rpc.network, 'eth_blockNumber: the answer makes no sense');
  }
  return BigInt(answer);
}
