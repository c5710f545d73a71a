import { type Address, encodeFunctionData, type Hex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { startAnvilProcess } from './anvil-process.js';
import { CANONICAL_USDC, checkToken, devUsdAbi, type LocalChainId, placeToken } from './dev-usd.js';
import { findAnvil } from './find-anvil.js';
import { FINALITY_DEPTH_BLOCKS } from './keeper-step.js';
import { sendMint, waitForReceipt } from './mint-tokens.js';
import { pickPort } from './pick-port.js';
import { createRpc, type Rpc } from './rpc.js';
import { parseHex, toQuantity } from './rpc-values.js';

const ACCOUNT_COUNT = 10;
const ACCOUNT_BALANCE_WEI = 10n ** 21n;
const MINT_TIMEOUT_MS = 20_000;
/** Also the deepest reorg a test may ask for. */
const HISTORY_BLOCKS = 512;

/** How a test chain runs. */
export interface TestChainOptions {
  /** 84532 unless given. */
  chainId?: LocalChainId;
  /** Mines on this clock instead of at every chain tx. */
  blockTimeMs?: number;
  anvilPath?: string;
}

/** A chain tx to mine again in a reorg: its raw bytes, and which of the new blocks (from 0) holds it. */
export type ReorgTx = readonly [rawTx: Hex, blockIndex: number];

/** A throw-away chain with USDC at its canonical address. It keeps nothing and ends with this process. */
export interface TestChain {
  readonly rpcUrl: string;
  readonly chainId: LocalChainId;
  readonly usdc: Address;
  readonly pid: number;
  /** The token's minter, for `burst`, `pause` and the blocklist. Minting itself needs none of its nonces. */
  readonly minter: PrivateKeyAccount;
  /** One of ten accounts (0 to 9) with new keys and 1,000 ether each; `RangeError` beyond. */
  account(index: number): PrivateKeyAccount;
  /** Mints tokens and answers the hash of the mined chain tx; while automine is off, it mines a block to do so. */
  mint(address: Address, amountAtomic: bigint): Promise<Hex>;
  /** Tokens of an address, at the newest block or at a block number, tag or hash. */
  balanceOf(address: Address, at?: bigint | 'finalized' | 'latest' | { blockHash: Hex }): Promise<bigint>;
  mine(count?: number): Promise<void>;
  /** Replaces the newest `depth` blocks by new ones that hold only `txs`; the head's number stays. */
  reorg(depth: number, txs?: readonly ReorgTx[]): Promise<void>;
  setAutomine(isOn: boolean): Promise<void>;
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a test chain (some 0.2 s); `finalized` is 8 below the head. Throws `SandboxUnavailableError`. */
export async function startTestChain(options: TestChainOptions = {}): Promise<TestChain> {
  const { chainId = 84532, blockTimeMs } = options;
  const binary = findAnvil(options.anvilPath);
  const port = await pickPort();
  const node = await startAnvilProcess({ binary, port, chainId, args: nodeArguments(blockTimeMs) });
  try {
    const rpc = createRpc(node.rpcUrl);
    const minter = privateKeyToAccount(generatePrivateKey());
    const accounts = Array.from({ length: ACCOUNT_COUNT }, () => privateKeyToAccount(generatePrivateKey()));
    await setUp(rpc, chainId, { minter, accounts });
    return { ...createHelpers(rpc, chainId, { minter, accounts, blockTimeMs }), pid: node.pid, stop: node.kill };
  } catch (error) {
    await node.kill();
    throw error;
  }
}

function nodeArguments(blockTimeMs: number | undefined): readonly string[] {
  return [
    ...['--slots-in-an-epoch', `${FINALITY_DEPTH_BLOCKS / 2}`],
    ...['--prune-history', `${HISTORY_BLOCKS}`],
    ...(blockTimeMs === undefined ? [] : ['--block-time', `${blockTimeMs / 1_000}`]),
  ];
}

async function setUp(
  rpc: Rpc,
  chainId: LocalChainId,
  { minter, accounts }: { minter: PrivateKeyAccount; accounts: readonly PrivateKeyAccount[] },
): Promise<void> {
  await rpc.callAll(
    accounts.map(({ address }) => ({ method: 'anvil_setBalance', params: [address, toQuantity(ACCOUNT_BALANCE_WEI)] })),
  );
  await placeToken(rpc, chainId, minter);
  await rpc.call('evm_mine');
  await checkToken(rpc, chainId, minter.address);
}

function createHelpers(
  rpc: Rpc,
  chainId: LocalChainId,
  own: { minter: PrivateKeyAccount; accounts: readonly PrivateKeyAccount[]; blockTimeMs: number | undefined },
): Omit<TestChain, 'pid' | 'stop'> {
  const { minter, accounts, blockTimeMs } = own;
  const usdc = CANONICAL_USDC[chainId].address;
  let minesByItself = true;
  return {
    rpcUrl: rpc.url,
    chainId,
    usdc,
    minter,
    account: (index) => {
      const account = accounts[index];
      if (account === undefined) throw new RangeError(`no account ${index}: there are ${ACCOUNT_COUNT}`);
      return account;
    },
    mint: async (to, amountAtomic) => {
      const txHash = await sendMint(rpc, { chainId, minter, to, amountAtomic });
      if (!minesByItself) await rpc.call('evm_mine');
      await waitForReceipt(rpc, txHash, MINT_TIMEOUT_MS);
      return txHash;
    },
    balanceOf: async (address, at = 'latest') => {
      const data = encodeFunctionData({ abi: devUsdAbi, functionName: 'balanceOf', args: [address] });
      const block = typeof at === 'bigint' ? toQuantity(at) : at;
      return BigInt(parseHex(await rpc.call('eth_call', [{ to: usdc, data }, block])));
    },
    mine: async (count = 1) => {
      await rpc.call('anvil_mine', [toQuantity(count)]);
    },
    reorg: async (depth, txs = []) => {
      await rpc.call('anvil_reorg', [depth, txs]);
    },
    setAutomine: async (isOn) => {
      await rpc.call('evm_setAutomine', [isOn]);
      minesByItself = isOn || blockTimeMs !== undefined;
    },
    rpc: (method, params) => rpc.call(method, params),
  };
}
