import { afterEach, describe, expect, it } from 'vitest';
import { startTestChain, type TestChain, type TestChainOptions } from './test-chain.js';

describe('startTestChain', () => {
  const chains: TestChain[] = [];
  const start = async (options?: TestChainOptions): Promise<TestChain> => {
    const chain = await startTestChain(options);
    chains.push(chain);
    return chain;
  };
  afterEach(async () => {
    await Promise.all(chains.splice(0).map((chain) => chain.stop()));
  });

  it('starts with USDC at its canonical address and accounts nobody else knows', async () => {
    const [sepolia, mainnet] = await Promise.all([start(), start({ chainId: 8453 })]);
    expect(sepolia.usdc).toBe('0x036CbD53842c5426634e7929541eC2318f3dCF7e');
    expect(mainnet.usdc).toBe('0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913');
    expect(await mainnet.rpc('eth_chainId')).toBe('0x2105');
    expect(await sepolia.rpc('eth_accounts')).toEqual([]);
    expect(sepolia.account(0).address).not.toBe(mainnet.account(0).address);
    expect(() => sepolia.account(10)).toThrow(RangeError);
  });

  it('mints at once, in any number at a time', async () => {
    const chain = await start();
    const { address } = chain.account(0);
    await Promise.all(Array.from({ length: 10 }, () => chain.mint(address, 3n)));
    expect(await chain.balanceOf(address)).toBe(30n);
  });

  it('reads balances at older blocks, by number and by hash', async () => {
    const chain = await start();
    const { address } = chain.account(0);
    await chain.mint(address, 1n);
    const number = BigInt(String(await chain.rpc('eth_blockNumber')));
    const block = await chain.rpc('eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
    await chain.mint(address, 1n);
    expect(await chain.balanceOf(address, number)).toBe(1n);
    expect(block).toMatchObject({ hash: expect.any(String) });
    await chain.mine(8);
    expect(await chain.balanceOf(address, 'finalized')).toBe(2n);
  });

  it('forgets a chain tx in a reorg, or mines it again in another block', async () => {
    const chain = await start();
    const { address } = chain.account(0);
    const hash = await chain.mint(address, 5n);
    const raw = await chain.rpc('eth_getRawTransactionByHash', [hash]);
    await chain.mine(1);
    await chain.reorg(2);
    expect(await chain.balanceOf(address)).toBe(0n);
    expect(await chain.rpc('eth_getTransactionReceipt', [hash])).toBeNull();
    await chain.mine(2);
    await chain.reorg(2, [[rawTx(raw), 1]]);
    expect(await chain.balanceOf(address)).toBe(5n);
    expect(await chain.rpc('eth_getTransactionReceipt', [hash])).toMatchObject({
      blockNumber: await chain.rpc('eth_blockNumber'),
    });
  });

  it('holds chain txs back while automine is off', async () => {
    const chain = await start();
    await chain.setAutomine(false);
    const tx = await chain.account(0).signTransaction({
      type: 'eip1559',
      chainId: chain.chainId,
      nonce: 0,
      gas: 21_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 1n,
      to: chain.account(1).address,
      value: 1n,
    });
    const hash = await chain.rpc('eth_sendRawTransaction', [tx]);
    expect(await chain.rpc('eth_getTransactionReceipt', [hash])).toBeNull();
    await chain.mine();
    expect(await chain.rpc('eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' });
    await chain.setAutomine(true);
  });

  it('mines on a clock when asked to', async () => {
    const chain = await start({ blockTimeMs: 100 });
    const first = Number(await chain.rpc('eth_blockNumber'));
    await expect
      .poll(async () => Number(await chain.rpc('eth_blockNumber')), { timeout: 10_000 })
      .toBeGreaterThan(first + 2);
  });
});

function rawTx(value: unknown): `0x${string}` {
  if (typeof value !== 'string') throw new TypeError('no raw chain tx');
  return `0x${value.slice(2)}`;
}
