import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Address, encodeFunctionData, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainFolder } from './chain-folder.js';
import { devUsdAbi } from './dev-usd.js';
import { faucet } from './faucet.js';
import { readHighWater } from './high-water.js';
import { mineBlocks } from './mine-blocks.js';
import { sendMint } from './mint-tokens.js';
import { commandLine, startTicks } from './process-table.js';
import { createRpc } from './rpc.js';
import { parseBlockHead, toQuantity } from './rpc-values.js';
import { readSandboxState, SANDBOX_CHAIN_ID } from './sandbox-state.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const BLOCK_TIME_MS = 100;
const WAIT = { interval: 10, timeout: 10_000 };
const STRANGER: Address = '0x00000000000000000000000000000000000000b2';
/** The first account of the mnemonic that every local node knows. */
const WELL_KNOWN: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

describe('startSandbox', () => {
  let dataDir: string;
  const sandboxes: Sandbox[] = [];
  const start = async (blockTimeMs = BLOCK_TIME_MS): Promise<Sandbox> => {
    const sandbox = await startSandbox({ dataDir, blockTimeMs });
    sandboxes.push(sandbox);
    return sandbox;
  };
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tollbook-sandbox-'));
  });
  afterEach(async () => {
    await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.stop()));
    await rm(dataDir, { recursive: true });
  });

  it('makes a chain with USDC, a buyer with money and keys of its own', async () => {
    const { info } = await start();
    const chain = reader(info.evm.rpcUrl);
    expect(await chain.balanceOf(info.buyer.evmAddress)).toBe(1_000_000_000n);
    expect(await chain.rpc.call('eth_accounts')).toEqual([]);
    expect(await chain.rpc.call('eth_getBalance', [WELL_KNOWN, 'latest'])).toBe('0x0');
    expect(await chain.rpc.call('eth_getBalance', [info.gasSigner.evmAddress, 'latest'])).not.toBe('0x0');
    expect(readSandboxState(dataDir)).toEqual(info);
    expect((await stat(join(dataDir, 'sandbox.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(chainFolder(dataDir).dump)).mode & 0o777).toBe(0o600);
  });

  it('mines at its pace until a chain tx is final, then rests', async () => {
    const { info } = await start();
    const chain = reader(info.evm.rpcUrl);
    const block = await fund(info, 5n);
    await expect.poll(() => chain.headNumber(), WAIT).toBe(block + 8);
    const restedAtMs = Date.now();
    await expect.poll(() => Date.now() - restedAtMs, WAIT).toBeGreaterThan(6 * BLOCK_TIME_MS);
    expect(await chain.headNumber()).toBe(block + 8);
    expect((await chain.block('finalized')).number).toBe(block);
  });

  it('wakes at once for a chain tx that finds it at rest', async () => {
    const { info } = await start(60_000);
    const startedAtMs = performance.now();
    await fund(info, 5n);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('answers calls on `pending` with the present time and what waits in the pool', async () => {
    const { info } = await start(60_000);
    const chain = reader(info.evm.rpcUrl);
    await fund(info, 5n);
    // The next block is a minute away: this one waits.
    const minter = privateKeyToAccount(info.faucet.evmPrivateKey);
    await sendMint(chain.rpc, { chainId: SANDBOX_CHAIN_ID, minter, to: STRANGER, amountAtomic: 7n });
    expect(await chain.balanceOf(STRANGER, 'latest')).toBe(5n);
    expect(await chain.balanceOf(STRANGER, 'pending')).toBe(12n);
    const timestamp = await chain.rpc.call('eth_call', [{ data: '0x425f5260205ff3' }, 'pending']);
    expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(3);
  });

  it('keeps balances, receipts, logs and the state of older blocks through kill -9', async () => {
    const first = await start();
    const number = await fund(first.info, 5n);
    const chain = reader(first.info.evm.rpcUrl);
    const block = await chain.block(toQuantity(number));
    await fund(first.info, 6n);
    const txHash = await chain.firstTxHash(number);
    await waitUntilAtRest(first);
    const before = await chain.evidence(number, txHash, block.hash);
    const finalized = await chain.block('finalized');
    await kill(first);

    const second = await start();
    expect(second.info).toEqual(first.info);
    expect(await chain.evidence(number, txHash, block.hash)).toEqual(before);
    expect(await chain.balanceOf(STRANGER, toQuantity(number))).toBe(5n);
    expect(await chain.balanceOf(STRANGER, { blockHash: block.hash })).toBe(5n);
    expect(await chain.balanceOf(STRANGER, 'finalized')).toBe(11n);
    expect((await chain.block(toQuantity(finalized.number))).hash).toBe(finalized.hash);
    expect((await chain.block('finalized')).number).toBeGreaterThanOrEqual(finalized.number);
    expect(await fund(second.info, 1n)).toBeGreaterThan(number);
    expect(await chain.balanceOf(STRANGER)).toBe(12n);
  });

  it('continues the very same head after a clean stop', async () => {
    const first = await start();
    await fund(first.info, 5n);
    const chain = reader(first.info.evm.rpcUrl);
    const number = await fund(first.info, 6n);
    const block = await chain.block(toQuantity(number));
    await first.stop();
    expect(commandLine(first.pid)).toBeNull();
    await start(60_000);
    expect((await chain.block(toQuantity(number))).hash).toBe(block.hash);
    expect(await chain.balanceOf(STRANGER, toQuantity(number - 1))).toBe(5n);
    expect(await readHighWater(chainFolder(dataDir).highWater)).toMatchObject({ isClean: false });
  });

  it('shows a lost tail as a reorg: other hashes, never fewer blocks', async () => {
    const first = await start();
    await fund(first.info, 5n);
    await waitUntilAtRest(first);
    const { dump, highWater } = chainFolder(dataDir);
    await copyFile(dump, `${dump}.older`);
    const chain = reader(first.info.evm.rpcUrl);
    const lost = await fund(first.info, 6n);
    await waitUntilAtRest(first);
    const lostBlock = await chain.block(toQuantity(lost));
    const lostHead = await chain.headNumber();
    await kill(first);
    await copyFile(`${dump}.older`, dump);
    expect(await readHighWater(highWater)).toEqual({ blockNumber: lostHead, isClean: false });

    await start();
    expect(await chain.headNumber()).toBeGreaterThan(lostHead);
    expect((await chain.block(toQuantity(lost))).hash).not.toBe(lostBlock.hash);
    expect(await chain.balanceOf(STRANGER, 'finalized')).toBe(5n);
  });

  it('can read the finalized state after a crash amid the work, when no history was saved', async () => {
    const first = await start(60_000);
    const block = await fund(first.info, 5n);
    const savedBlock = async () => (await readDump()).best_block_number;
    await expect.poll(savedBlock, WAIT).toBe(block);
    expect((await readDump()).historical_states).toBeNull();
    await kill(first);
    const second = await start(60_000);
    expect(await reader(second.info.evm.rpcUrl).balanceOf(STRANGER, 'finalized')).toBe(5n);
  });

  it('mines for another process while it rests, and remembers those blocks', async () => {
    const sandbox = await start();
    const chain = reader(sandbox.info.evm.rpcUrl);
    const head = await chain.headNumber();
    await mineBlocks(sandbox.info.evm.rpcUrl, 8);
    expect(await chain.headNumber()).toBe(head + 8);
    await expect
      .poll(() => readHighWater(chainFolder(dataDir).highWater), WAIT)
      .toEqual({ blockNumber: head + 8, isClean: false });
    await expect(mineBlocks(sandbox.info.evm.rpcUrl, 9)).rejects.toThrow(RangeError);
  });

  it('ends an anvil that was left behind, but not the one of a living process', async () => {
    const first = await start();
    const second = await start();
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
    const record = { pid: second.pid, port: Number(new URL(second.info.evm.rpcUrl).port), binary: 'anvil' };
    const keeper = { keeperPid: process.ppid, keeperStartTicks: startTicks(process.ppid) };
    await writeFile(chainFolder(dataDir).nodeRecord, JSON.stringify({ ...record, ...keeper }));
    await expect(start()).rejects.toThrow(`is run by process ${process.ppid}`);
  });

  it('says what to do where it cannot run', async () => {
    await expect(startSandbox({ dataDir, anvilPath: '/nowhere/anvil' })).rejects.toMatchObject({
      name: 'SandboxUnavailableError',
      message: expect.stringContaining('TOLLBOOK_ANVIL_PATH'),
    });
    await expect(startSandbox({ dataDir, anvilPath: '/bin/false' })).rejects.toThrow('TOLLBOOK_SANDBOX=off');
    expect(readSandboxState(dataDir)).toBeNull();
    await writeFile(chainFolder(dataDir).dump, 'half a chain');
    await expect(start()).rejects.toThrow('chain.json.gz is damaged');
    await writeFile(join(dataDir, 'sandbox.json'), '{}');
    expect(() => readSandboxState(dataDir)).toThrow('is damaged');
  });

  async function fund(info: Sandbox['info'], amountAtomic: bigint): Promise<number> {
    const answer = await faucet(info, { network: 'eip155:84532', address: STRANGER, amountAtomic });
    if (answer.kind === 'refused') throw new Error(answer.reason);
    const receipt = await createRpc(info.evm.rpcUrl).call('eth_getTransactionReceipt', [answer.txHash]);
    return Number(Object(receipt).blockNumber);
  }

  async function readDump(): Promise<{ best_block_number: number; historical_states: unknown }> {
    return JSON.parse(gunzipSync(await readFile(chainFolder(dataDir).dump)).toString());
  }

  /** At rest everything is final and saved together with its history. */
  async function waitUntilAtRest(sandbox: Sandbox): Promise<void> {
    const chain = reader(sandbox.info.evm.rpcUrl);
    const isFinalAndSaved = async () => {
      const head = await chain.headNumber();
      const dump = await readDump();
      const isFinal = (await chain.block('finalized')).transactionCount > 0;
      return isFinal && dump.best_block_number === head && dump.historical_states !== null;
    };
    await expect.poll(isFinalAndSaved, WAIT).toBe(true);
  }
});

async function kill(sandbox: Sandbox): Promise<void> {
  process.kill(sandbox.pid, 'SIGKILL');
  expect(await sandbox.exited).toEqual({ code: null, signal: 'SIGKILL' });
}

function reader(rpcUrl: string) {
  const rpc = createRpc(rpcUrl);
  const block = async (tag: string) => parseBlockHead(await rpc.call('eth_getBlockByNumber', [tag, false]));
  return {
    rpc,
    block,
    headNumber: async () => (await block('latest')).number,
    firstTxHash: async (number: number): Promise<Hex> => {
      const found = await rpc.call('eth_getBlockByNumber', [toQuantity(number), false]);
      return Object(found).transactions[0];
    },
    balanceOf: async (account: Address, at: string | { blockHash: Hex } = 'latest') => {
      const to = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';
      const data = encodeFunctionData({ abi: devUsdAbi, functionName: 'balanceOf', args: [account] });
      return BigInt(String(await rpc.call('eth_call', [{ to, data }, at])));
    },
    /** All that an indexer and a bookkeeper read of one chain tx. */
    evidence: async (number: number, txHash: Hex, blockHash: Hex) => {
      const fromBlock = toQuantity(number);
      const answers = await rpc.callAll([
        { method: 'eth_getTransactionReceipt', params: [txHash] },
        { method: 'eth_getTransactionByHash', params: [txHash] },
        { method: 'eth_getBlockByHash', params: [blockHash, true] },
        { method: 'eth_getLogs', params: [{ fromBlock, toBlock: fromBlock }] },
        { method: 'eth_getLogs', params: [{ blockHash }] },
      ]);
      expect(answers.map((answer) => answer !== null && Object.keys(Object(answer)).length > 0)).not.toContain(false);
      return answers;
    },
  };
}
