import { type Config, rpcRateOf } from '@tollbook/config';
import type { Mode } from '@tollbook/domain';
import {
  createBuiltInSettlement,
  createEvmChainReader,
  createEvmProofVerifier,
  createEvmRpc,
  createEvmVerifier,
  createGasSigner,
  createRpcPool,
  createSignatureReader,
  defaultFeePolicy,
  type GasSigner,
  gasNonceOf,
  meteredRpc,
  noGasSigner,
  RateBudget,
  type RpcPool,
} from '@tollbook/evm';
import type { SandboxState } from '@tollbook/sandbox';
import {
  type Catalog,
  type ChainReader,
  ChainUnavailable,
  type NetworkStanding,
  type PaymentChain,
  type RpcUsageStore,
  RpcUsageTally,
  type Sealer,
  type SetupStore,
} from '@tollbook/usecases';
import { sealedPlaces } from '@tollbook/vault';

type Parts = {
  readonly config: Pick<Config, 'rpcUrls' | 'rpcRates' | 'gasKey' | 'gas' | 'accountFactories'>;
  readonly catalog: Catalog;
  readonly sandbox: SandboxState | null;
  readonly setup: SetupStore;
  readonly sealer: Sealer;
  readonly usage: RpcUsageStore;
  readonly report: (error: unknown) => void;
};

type OpenChain = {
  readonly network: string;
  readonly pool: RpcPool;
  readonly reader: ChainReader;
  /** Null where nobody here pays for gas. */
  readonly signer: GasSigner | null;
  payment: PaymentChain;
};

const rpcTimeoutMs = 5_000;
const checkMs = 1_000;
const usageMs = 10_000;
/** A start waits this long for the first answers; whoever is silent then is offered once it answers. */
const firstCheckMsMax = 3_000;

/** The networks of this process: the sandbox's own chain, and every one that a node is configured for. */
export class Chains {
  private readonly chains = new Map<string, OpenChain>();
  private readonly usage = new RpcUsageTally();
  private timer: NodeJS.Timeout | undefined;
  private usageTimer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | null = null;

  private constructor(private readonly parts: Parts) {}

  static async open(parts: Parts): Promise<Chains> {
    const chains = new Chains(parts);
    if (parts.sandbox) await chains.addSandbox(parts.sandbox);
    const signer = parts.config.gasKey === undefined ? null : createGasSigner(parts.config.gasKey);
    for (const [network, urls] of Object.entries(parts.config.rpcUrls)) chains.add({ network, urls, signer });
    await Promise.race([chains.check(), new Promise((resolve) => setTimeout(resolve, firstCheckMsMax).unref())]);
    chains.timer = setInterval(() => void chains.check(), checkMs);
    chains.usageTimer = setInterval(() => void chains.keepUsage(), usageMs);
    return chains;
  }

  /** What was asked since the last time is kept before it resolves. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearInterval(this.usageTimer);
    await this.keepUsage();
  }

  /** What payments are taken on now. */
  paymentOf(network: string): PaymentChain | undefined {
    const chain = this.chains.get(network);
    return chain?.pool.standing().kind === 'open' ? chain.payment : undefined;
  }

  /** Of every network that is configured: one that is refused or away throws `ChainUnavailable` when it is asked. */
  readerOf(network: string): ChainReader | undefined {
    return this.chains.get(network)?.reader;
  }

  standingOf(network: string): NetworkStanding {
    return this.chains.get(network)?.pool.standing() ?? { kind: 'not_configured' };
  }

  /** Where the built-in facilitator settles money of a mode. */
  gasNetworksOf(mode: Mode): readonly string[] {
    const ofMode = this.parts.catalog.networks.filter((each) => each.mode === mode);
    return ofMode.map(({ network }) => network).filter((network) => this.paymentOf(network)?.hasGasSigner);
  }

  private async addSandbox({ evm, gasSigner }: SandboxState): Promise<void> {
    const { setup, sealer } = this.parts;
    const network = `eip155:${evm.chainId}`;
    const address = gasSigner.evmAddress.toLowerCase();
    const stored = (await setup.gasSigners()).find((each) => each.network === network && each.address === address);
    if (!stored) return;
    const key = new TextDecoder().decode(sealer.open(stored.keySealed, sealedPlaces.gasSignerKey));
    const chain = this.add({ network, urls: [evm.rpcUrl], signer: createGasSigner(key), isSandbox: true });
    chain.payment = { ...chain.payment, hasGasSigner: true };
  }

  private add(place: {
    readonly network: string;
    readonly urls: readonly string[];
    readonly signer: GasSigner | null;
    readonly isSandbox?: boolean;
  }): OpenChain {
    const { network, urls, signer, isSandbox = false } = place;
    const chainId = Number(network.slice('eip155:'.length));
    const nodes = urls.map((url, index) => {
      const name = isSandbox ? 'sandbox' : `node ${index + 1}`;
      const rate = isSandbox ? undefined : rpcRateOf(this.parts.config.rpcRates[network], index);
      const budget = rate === undefined ? undefined : new RateBudget(rate);
      const onAsked = (calls: number) => this.usage.asked(network, name, calls);
      return { name, rpc: meteredRpc(createEvmRpc({ network, url, timeoutMs: rpcTimeoutMs }), { budget, onAsked }) };
    });
    const assets = this.parts.catalog.assets.filter((each) => each.network === network);
    const pool = createRpcPool({ network, chainId, assets, nodes });
    const reader = createEvmChainReader({ network, rpc: pool });
    const accountFactories = new Set(this.parts.config.accountFactories);
    const readSignature = createSignatureReader({ rpc: pool, chainId, accountFactories });
    const gasSigner = signer ?? noGasSigner;
    // The sandbox rests when nothing happens: its newest block may be old, the pending one carries today's time.
    const simulationTag = isSandbox ? 'pending' : 'latest';
    const simulated = { simulationTag, senderAddress: gasSigner.address } as const;
    const verifier = createEvmVerifier({ rpc: pool, reader, chainId, readSignature, ...simulated });
    const maxFeePerGasWeiMax = this.parts.config.gas[network]?.feeMaxWei ?? defaultFeePolicy.maxFeePerGasWeiMax;
    const feePolicy = { ...defaultFeePolicy, maxFeePerGasWeiMax };
    const settlement = createBuiltInSettlement({ rpc: pool, chainId, readSignature, signer: gasSigner, feePolicy });
    const chain: OpenChain = {
      network,
      pool,
      reader,
      signer,
      payment: { reader, verifier, settlement, proofs: createEvmProofVerifier({ rpc: pool }), hasGasSigner: false },
    };
    this.chains.set(network, chain);
    return chain;
  }

  private keepUsage(): Promise<void> {
    return this.usage.keep(this.parts.usage).catch(this.parts.report);
  }

  /** Looks at what is due. Calls that overlap share one look. */
  private check(): Promise<void> {
    this.checking ??= Promise.all([...this.chains.values()].map((chain) => this.checkOne(chain)))
      .then(() => undefined, this.parts.report)
      .finally(() => {
        this.checking = null;
      });
    return this.checking;
  }

  private async checkOne(chain: OpenChain): Promise<void> {
    await chain.pool.check();
    if (chain.signer === null || chain.payment.hasGasSigner || chain.pool.standing().kind !== 'open') return;
    try {
      await this.keepSigner(chain, chain.signer);
      chain.payment = { ...chain.payment, hasGasSigner: true };
    } catch (error) {
      // Asked again with the next look.
      if (!(error instanceof ChainUnavailable)) throw error;
    }
  }

  /** Its nonces are drawn from the database, so that any number of processes share the key. */
  private async keepSigner({ network, pool }: OpenChain, { address }: GasSigner): Promise<void> {
    const { config, sealer, setup } = this.parts;
    const keySealed = sealer.seal(null, new TextEncoder().encode(config.gasKey), sealedPlaces.gasSignerKey);
    await setup.ensureGasSigner({ network, address, keySealed, nextNonce: await gasNonceOf(pool, address) });
  }
}
