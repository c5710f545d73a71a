import { isLinked } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { testAsset } from './build-terms.js';
import { type ChainTx, FakeChain } from './fake-chain.js';
import { fakeChainReader, type NodeFaults } from './fake-chain-reader.js';

const { network, contract } = testAsset;
const payer = `0x${'bb'.repeat(20)}`;
const till = `0x${'71'.repeat(20)}`;
const nonce = `0x${'01'.repeat(32)}`;
const window = { validAfterUnixSeconds: 0n, validBeforeUnixSeconds: 2_000n };
const authorization = { from: payer, to: till, valueAtomic: 5n, nonce, ...window };

function txOf(digit: string, ...actions: ChainTx['actions']): ChainTx {
  return { txHash: `0x${digit.repeat(64)}`, actions };
}

function start(faults: NodeFaults = {}) {
  const chain = new FakeChain({ network, contract, startUnixSeconds: 1_000, finalLag: 3 });
  return { chain, reader: fakeChainReader(chain, faults) };
}

const all = { fromNumber: 0n, contracts: [contract], wallets: [till] };

describe('a fake chain', () => {
  it('links its blocks, two seconds apart, and is final some blocks below its head', async () => {
    const { chain, reader } = start();
    chain.mine(6);
    const headers = (await reader.headers([0n, 1n, 2n, 3n, 4n, 5n, 6n])).flatMap((header) => (header ? [header] : []));
    const [first, ...rest] = headers;
    expect(first && isLinked(first, rest)).toBe(true);
    expect(await reader.head()).toEqual({ head: headers[6], final: headers[3] });
    expect(chain.head.timeUnixSeconds).toBe(1_012);
  });

  it('takes an authorization once, inside its window, and keeps what failed without effect', async () => {
    const { chain, reader } = start();
    const early = txOf('1', { kind: 'authorize', authorization: { ...authorization, validAfterUnixSeconds: 1_500n } });
    const first = txOf('2', { kind: 'authorize', authorization });
    const second = txOf('3', { kind: 'authorize', authorization });
    chain.submit(early, first);
    chain.mine();
    chain.submit(second, first);
    const head = chain.mine();
    const receipts = await Promise.all([early, first, second].map(({ txHash }) => reader.receipt(txHash)));
    expect(receipts.map((receipt) => receipt?.isSuccess)).toEqual([false, true, false]);
    const { transfers } = await reader.transfers({ ...all, toNumber: head.number });
    expect(transfers).toMatchObject([
      { txHash: first.txHash, amountAtomic: 5n, position: 1, authorizationNonce: nonce },
    ]);
    expect(await reader.balanceAt(contract, till, head.hash)).toBe(5n);
    const fate = await reader.authorizationFate(contract, { payer, nonce }, 0n, head.number);
    expect(fate).toEqual({ kind: 'used', txHash: first.txHash, blockNumber: 1n });
  });

  it('refuses an authorization that was canceled, or is over', async () => {
    const { chain, reader } = start();
    chain.submit(txOf('1', { kind: 'cancel', payer, nonce }));
    chain.mine();
    chain.submit(txOf('2', { kind: 'authorize', authorization }));
    chain.skipSeconds(1_500);
    const other = `0x${'02'.repeat(32)}`;
    chain.submit(txOf('3', { kind: 'authorize', authorization: { ...authorization, nonce: other } }));
    const { hash, number } = chain.mine();
    expect(await reader.balanceAt(contract, till, hash)).toBe(0n);
    const states = await reader.nonceStates(
      contract,
      [
        { payer, nonce },
        { payer, nonce: other },
      ],
      hash,
    );
    expect(states.map(({ isUsed }) => isUsed)).toEqual([true, false]);
    expect(await reader.authorizationFate(contract, { payer, nonce }, 0n, number)).toMatchObject({ kind: 'canceled' });
  });

  it('has other blocks after a reorg, tells states of its own fork only, and finds back', async () => {
    const { chain, reader } = start();
    chain.submit(txOf('1', { kind: 'transfer', from: payer, to: till, amountAtomic: 7n }));
    chain.mine(2);
    const before = chain.head;
    expect(chain.reorg(2)).toHaveLength(1);
    chain.mine(2);
    expect(chain.head.hash).not.toBe(before.hash);
    await expect(reader.balanceAt(contract, till, before.hash)).rejects.toThrow(ChainUnavailable);
    expect(await reader.balanceAt(contract, till, chain.head.hash)).toBe(0n);
    chain.switchTo(before.hash);
    expect(await reader.balanceAt(contract, till, before.hash)).toBe(7n);
  });

  it('makes the same blocks of the same calls', () => {
    const hashes = [0, 1].map(() => {
      const { chain } = start();
      chain.mine(3);
      chain.reorg(1);
      return chain.mine(2).hash;
    });
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('a node of a fake chain', () => {
  it('knows nothing above its head when it is behind', async () => {
    const { chain, reader } = start({ blocksBehind: 2 });
    const { number, hash } = chain.mine(5);
    expect((await reader.head()).head.number).toBe(3n);
    expect(await reader.headers([4n, 3n])).toMatchObject([null, { number: 3n }]);
    await expect(reader.transfers({ ...all, toNumber: number })).rejects.toThrow(ChainUnavailable);
    await expect(reader.balanceAt(contract, till, hash)).rejects.toThrow(ChainUnavailable);
  });

  it('tells transfers of watched wallets and tokens, unless it drops its logs', async () => {
    const faults: NodeFaults = {};
    const { chain, reader } = start(faults);
    chain.submit(txOf('1', { kind: 'transfer', from: payer, to: till, amountAtomic: 7n }));
    const toNumber = chain.mine().number;
    const count = async (query: Partial<typeof all>) =>
      (await reader.transfers({ ...all, ...query, toNumber })).transfers.length;
    expect([await count({}), await count({ wallets: [payer] })]).toEqual([1, 1]);
    expect([await count({ wallets: [] }), await count({ contracts: [till] })]).toEqual([0, 0]);
    faults.dropsLogs = true;
    expect(await count({})).toBe(0);
  });

  it('fails where its faults say so', async () => {
    const fail = () => {
      throw new ChainUnavailable(network, 'silent');
    };
    const { reader } = start({ beforeCall: (method) => method === 'head' && fail() });
    await expect(reader.head()).rejects.toThrow(ChainUnavailable);
    expect(await reader.chainId()).toBe(84_532);
  });
});
