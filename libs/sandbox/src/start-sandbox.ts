import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { privateKeyToAccount } from 'viem/accounts';
import { type AnvilExit, type AnvilProcess, startAnvilProcess } from './anvil-process.js';
import { startBlockKeeper } from './block-keeper.js';
import { type ChainFolder, chainFolder } from './chain-folder.js';
import { checkToken, placeToken } from './dev-usd.js';
import { dumpChain, unpackChain } from './dump-chain.js';
import { findAnvil } from './find-anvil.js';
import { writeHighWater } from './high-water.js';
import { FINALITY_DEPTH_BLOCKS } from './keeper-step.js';
import { sendMint } from './mint-tokens.js';
import { endOrphan, writeNodeRecord } from './node-record.js';
import { pickPort } from './pick-port.js';
import { type RestoredChain, restoreChain } from './restore-chain.js';
import { createRpc, type Rpc } from './rpc.js';
import { parseHex, toQuantity } from './rpc-values.js';
import {
  createSandboxState,
  readSandboxState,
  SANDBOX_CHAIN_ID,
  type SandboxState,
  writeSandboxState,
} from './sandbox-state.js';
import { SandboxUnavailableError } from './sandbox-unavailable-error.js';

const BLOCK_TIME_MS = 2_000;
const STOP_SAVE_MS_MAX = 6_000;
const PORT_ATTEMPTS_MAX = 3;
const BUYER_AMOUNT_ATOMIC = 1_000_000_000n;
const WALLET_BALANCE_WEI = 10n ** 21n;
/**
 * The state of this many newest blocks can be read; older ones keep their contents only, as on a node without
 * archive. Each costs memory, and time to save, for every payment ever made.
 */
const HISTORY_BLOCKS = 64;

/** How the sandbox is started. */
export interface SandboxOptions {
  /** Holds `sandbox.json` and the folder `sandbox`; created when missing. */
  dataDir: string;
  /** An anvil to use instead of the packaged one. */
  anvilPath?: string;
  /** Time between two blocks while there is work; Base's 2,000 unless given. */
  blockTimeMs?: number;
  /** Told what the chain does, one line each time. */
  log?: (line: string) => void;
}

/** A running sandbox chain. */
export interface Sandbox {
  readonly info: SandboxState;
  readonly pid: number;
  /** Resolves when anvil has ended, for whatever reason; after an unwanted end call `startSandbox` again. */
  readonly exited: Promise<AnvilExit>;
  /** Saves the chain and ends it; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the sandbox chain of a data folder, or continues it where it was saved: keys, port, blocks, chain txs,
 * receipts, logs and balances survive kill -9 of anvil and of this process. Throws `SandboxUnavailableError`.
 * This process keeps the chain: it mines while there is work and saves what was mined.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, blockTimeMs = BLOCK_TIME_MS, log = () => undefined } = options;
  const binary = findAnvil(options.anvilPath);
  const folder = chainFolder(dataDir);
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await endOrphan(folder.nodeRecord);
  const previous = readSandboxState(dataDir);
  const isContinued = await unpackSaved(folder, previous);

  const node = await launch({ binary, folder, previous, isContinued });
  try {
    const rpc = createRpc(node.rpcUrl);
    const info = withRpcUrl(previous ?? createSandboxState(node.rpcUrl), node.rpcUrl);
    await writeNodeRecord(folder.nodeRecord, { pid: node.pid, port: node.port, binary });
    await writeSandboxState(dataDir, info);
    const saved = isContinued ? await continueChain(rpc, folder, info) : await createChain(rpc, folder, info);
    await rm(folder.unpacked, { force: true });
    log(`sandbox chain ${isContinued ? 'continued' : 'created'} at block ${saved.head.number}, ${node.rpcUrl}`);
    const keeper = await startBlockKeeper({ rpc, folder, blockTimeMs, saved, log });
    void node.exited.then(() => keeper.stop({ isChainAlive: false }));
    const stop = async (): Promise<void> => {
      // A chain that hangs must not hang the stop; what it saved before is enough to continue from.
      await Promise.race([keeper.stop({ isChainAlive: true }), delay(STOP_SAVE_MS_MAX, undefined, { ref: false })]);
      await node.kill();
      await rm(folder.nodeRecord, { force: true });
    };
    return { info, pid: node.pid, exited: node.exited, stop };
  } catch (error) {
    await node.kill();
    throw error;
  }
}

async function unpackSaved(folder: ChainFolder, previous: SandboxState | null): Promise<boolean> {
  let isContinued: boolean;
  try {
    isContinued = await unpackChain(folder.dump, folder.unpacked);
  } catch (cause) {
    throw new SandboxUnavailableError(`${folder.dump} is damaged; restore it from a backup.`, { cause });
  }
  if (isContinued && previous === null) {
    throw new SandboxUnavailableError(`sandbox.json, which holds the keys of the chain in ${folder.path}, is missing.`);
  }
  return isContinued;
}

async function launch(chain: {
  binary: string;
  folder: ChainFolder;
  previous: SandboxState | null;
  isContinued: boolean;
}): Promise<AnvilProcess> {
  const args = [
    '--no-mining',
    ...['--slots-in-an-epoch', `${FINALITY_DEPTH_BLOCKS / 2}`],
    ...['--prune-history', `${HISTORY_BLOCKS}`],
    ...(chain.isContinued ? ['--load-state', chain.folder.unpacked] : []),
  ];
  let preferred = chain.previous === null ? undefined : Number(new URL(chain.previous.evm.rpcUrl).port);
  for (let attempt = 1; ; attempt += 1) {
    const port = await pickPort(preferred);
    try {
      return await startAnvilProcess({ binary: chain.binary, port, chainId: SANDBOX_CHAIN_ID, args });
    } catch (error) {
      // Another program can take the port between the look and the start.
      const isPortTaken = error instanceof SandboxUnavailableError && /already in use/i.test(error.message);
      if (!isPortTaken || attempt === PORT_ATTEMPTS_MAX) throw error;
      preferred = undefined;
    }
  }
}

async function createChain(rpc: Rpc, folder: ChainFolder, info: SandboxState): Promise<RestoredChain> {
  const minter = privateKeyToAccount(info.faucet.evmPrivateKey);
  await fundGas(rpc, info);
  await placeToken(rpc, SANDBOX_CHAIN_ID, minter);
  await rpc.call('evm_mine');
  await checkToken(rpc, SANDBOX_CHAIN_ID, minter.address);
  const to = info.buyer.evmAddress;
  await sendMint(rpc, { chainId: SANDBOX_CHAIN_ID, minter, to, amountAtomic: BUYER_AMOUNT_ATOMIC });
  // The first blocks are final at once: a new sandbox begins at rest.
  await writeHighWater(folder.highWater, { blockNumber: 2 + FINALITY_DEPTH_BLOCKS, isClean: false });
  await rpc.call('anvil_mine', [toQuantity(1 + FINALITY_DEPTH_BLOCKS)]);
  const head = await dumpChain(rpc, folder.dump, true);
  if (head === null) throw new SandboxUnavailableError('Somebody else mined on the sandbox chain while it was made.');
  return { head, withHistory: true };
}

async function continueChain(rpc: Rpc, folder: ChainFolder, info: SandboxState): Promise<RestoredChain> {
  const minter = privateKeyToAccount(info.faucet.evmPrivateKey);
  await placeToken(rpc, SANDBOX_CHAIN_ID, minter);
  await checkToken(rpc, SANDBOX_CHAIN_ID, minter.address);
  await fundGas(rpc, info);
  return await restoreChain(rpc, folder);
}

/** Refills wallets that ran low; the faucet's minter never sends a chain tx after `init`. */
async function fundGas(rpc: Rpc, info: SandboxState): Promise<void> {
  const addresses = [info.gasSigner.evmAddress, info.buyer.evmAddress, info.merchant.evmAddress];
  const balances = await rpc.callAll(
    addresses.map((address) => ({ method: 'eth_getBalance', params: [address, 'latest'] })),
  );
  const low = addresses.filter((_, index) => BigInt(parseHex(balances[index])) < WALLET_BALANCE_WEI / 2n);
  if (low.length === 0) return;
  await rpc.callAll(
    low.map((address) => ({ method: 'anvil_setBalance', params: [address, toQuantity(WALLET_BALANCE_WEI)] })),
  );
}

function withRpcUrl(state: SandboxState, rpcUrl: string): SandboxState {
  return { ...state, evm: { ...state.evm, rpcUrl } };
}
