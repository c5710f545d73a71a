import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import {
  hashOf,
  payer,
  type RawLog,
  type ScriptedChain,
  scriptedChain,
  timeOf,
  topicOfAddress,
  transferLog,
  usdc,
  usedLog,
  wallet,
} from '../test/scripted-chain.js';
import { ScriptedError } from '../test/scripted-node.js';
import { createEvmChainReader } from './evm-chain-reader.js';
import { EvmRpcError } from './evm-rpc-error.js';
import { eventTopics } from './token-abi.js';

const nonce = hashOf(7, '00');
const foreign = '0x00000000000000000000000000000000000000cc';
const query = { fromNumber: 1n, toNumber: 100n, contracts: [usdc], wallets: [wallet] };

function read(chain: Partial<ScriptedChain> & { readonly logs: readonly RawLog[] }, overrides = {}) {
  const node = scriptedChain({ headNumber: 1_000, ...chain });
  const reader = createEvmChainReader({ network: 'eip155:84532', rpc: node.rpc });
  return { answer: reader.transfers({ ...query, ...overrides }), node };
}

describe('transfers of a range', () => {
  it('tells each once, with its place, time, amount and the header of the last block', async () => {
    const { transfers, end } = await read({ logs: [transferLog(40)] }).answer;
    expect(transfers).toEqual([
      {
        network: 'eip155:84532',
        blockNumber: 40n,
        blockHash: hashOf(40),
        blockTimeUnixSeconds: timeOf(40),
        txHash: hashOf(40, '7a'),
        position: 1,
        contract: usdc,
        from: payer,
        to: wallet,
        amountAtomic: 10_000n,
        authorizationNonce: null,
      },
    ]);
    expect(end).toEqual({ number: 100n, hash: hashOf(100), parentHash: hashOf(99), timeUnixSeconds: timeOf(100) });
  });

  it('costs one body without transfers and two with any', async () => {
    const quiet = read({ logs: [] });
    expect((await quiet.answer).transfers).toEqual([]);
    expect(quiet.node.bodies).toHaveLength(1);
    const busy = read({ logs: [transferLog(40), transferLog(50)] });
    await busy.answer;
    expect(busy.node.bodies).toHaveLength(2);
  });

  it('asks only for the last header when nothing is watched', async () => {
    for (const nothing of [{ wallets: [] }, { contracts: [] }]) {
      const { answer, node } = read({ logs: [transferLog(40)] }, nothing);
      expect(await answer).toMatchObject({ transfers: [], end: { number: 100n } });
      expect(node.bodies.flat().map(({ method }) => method)).toEqual(['eth_getBlockByNumber']);
    }
  });

  it('asks for wallets in lists of 200, as sender and as recipient', async () => {
    const wallets = Array.from({ length: 401 }, (_, index) => `0x${index.toString(16).padStart(40, '0')}`);
    const { answer, node } = read({ logs: [] }, { wallets });
    await answer;
    expect(node.bodies).toHaveLength(1);
    expect(node.bodies[0]?.filter(({ method }) => method === 'eth_getLogs')).toHaveLength(6);
  });

  it('orders by block and position, and drops what comes twice', async () => {
    const logs = [transferLog(50), transferLog(40, { logIndex: '0xa' }), transferLog(40, { logIndex: '0x9' })];
    const { transfers } = await read({ logs: [...logs, ...logs] }).answer;
    expect(transfers.map(({ blockNumber, position }) => [Number(blockNumber), position])).toEqual([
      [40, 9],
      [40, 10],
      [50, 1],
    ]);
  });

  it('takes zero, the largest amount and a self transfer', async () => {
    const wallets = [eventTopics.transfer, topicOfAddress(wallet), topicOfAddress(wallet)];
    const logs = [
      transferLog(40, { data: `0x${'0'.repeat(64)}` }),
      transferLog(41, { data: `0x${'f'.repeat(64)}` }),
      transferLog(42, { topics: wallets }),
    ];
    const { transfers } = await read({ logs }).answer;
    expect(transfers.map(({ amountAtomic }) => amountAtomic)).toEqual([0n, 2n ** 256n - 1n, 10_000n]);
  });

  it.each([
    ['another contract', { address: foreign }],
    ['another recipient', { topics: [eventTopics.transfer, topicOfAddress(payer), topicOfAddress(foreign)] }],
    ['another event', { topics: [eventTopics.authorizationUsed, topicOfAddress(payer), topicOfAddress(wallet)] }],
    ['four topics', { topics: [eventTopics.transfer, topicOfAddress(payer), topicOfAddress(wallet), hashOf(1)] }],
    ['two topics', { topics: [eventTopics.transfer, topicOfAddress(wallet)] }],
    ['data of two words', { data: `0x${'0'.repeat(128)}` }],
    [
      'a recipient wider than an address',
      { topics: [eventTopics.transfer, topicOfAddress(payer), hashOf(0xaan, '11')] },
    ],
    ['removed: true', { removed: true }],
    ['no block yet', { blockHash: null }],
  ])('drops a log of %s', async (_name, overrides) => {
    const { transfers } = await read({ logs: [transferLog(40, overrides), transferLog(41)] }).answer;
    expect(transfers.map(({ blockNumber }) => blockNumber)).toEqual([41n]);
  });

  it('asks headers for the times that logs do not tell', async () => {
    const untimed = { blockTimestamp: undefined };
    const blocks = [...Array(120).keys()].map((index) => index + 1);
    const { transfers } = await read({ logs: blocks.map((block) => transferLog(block, untimed)) }, { toNumber: 200n })
      .answer;
    expect(transfers.map(({ blockTimeUnixSeconds }) => blockTimeUnixSeconds)).toEqual(blocks.map(timeOf));
  });
});

describe('the authorization of a transfer', () => {
  it('is the one used right before it', async () => {
    const { transfers } = await read({ logs: [usedLog(40, nonce), transferLog(40)] }).answer;
    expect(transfers.map(({ authorizationNonce }) => authorizationNonce)).toEqual([nonce]);
  });

  it('is told apart for several in one chain tx', async () => {
    const other = hashOf(8, '00');
    const logs = [
      usedLog(40, nonce),
      transferLog(40),
      usedLog(40, other, { logIndex: '0x2' }),
      transferLog(40, { logIndex: '0x3' }),
      transferLog(40, { logIndex: '0x4' }),
    ];
    const { transfers } = await read({ logs }).answer;
    expect(transfers.map(({ authorizationNonce }) => authorizationNonce)).toEqual([nonce, other, null]);
  });

  it.each([
    ['another place', { logIndex: '0x5' }],
    ['another chain tx', { transactionHash: hashOf(1, '7b') }],
    ['another contract', { address: foreign }],
    ['another payer', { topics: [eventTopics.authorizationUsed, topicOfAddress(foreign), nonce] }],
  ])('is none when the use is of %s', async (_name, overrides) => {
    const { transfers } = await read({ logs: [usedLog(40, nonce, overrides), transferLog(40)] }).answer;
    expect(transfers.map(({ authorizationNonce }) => authorizationNonce)).toEqual([null]);
  });
});

describe('authorizations looked for by their nonces', () => {
  const nonces = { open: [nonce], allFrom: 90n };
  const logs = [usedLog(40, nonce), transferLog(40), usedLog(50, hashOf(8, '00')), transferLog(50)];

  it('cost no question of their own', async () => {
    const { answer, node } = read({ logs: logs.slice(0, 2) }, { nonces });
    expect((await answer).transfers.map(({ authorizationNonce }) => authorizationNonce)).toEqual([nonce]);
    expect(node.bodies).toHaveLength(1);
    const [filter] = node.bodies[0]?.flatMap(({ method, params }) => (method === 'eth_getLogs' ? params : [])) ?? [];
    expect(Object(filter).topics).toEqual([
      [eventTopics.transfer, eventTopics.authorizationUsed],
      null,
      [topicOfAddress(wallet), nonce],
    ]);
  });

  it('leave out by whom old transfers were signed, and ask for it where the transfer is new', async () => {
    // The scripted node ignores nonces, so the second use is dropped from an answer that filters.
    const old = read({ logs: logs.filter((_, index) => index !== 2) }, { nonces });
    expect((await old.answer).transfers.map(({ authorizationNonce }) => authorizationNonce)).toEqual([nonce, null]);
    expect(old.node.bodies).toHaveLength(1);
    const fresh = read({ logs: [transferLog(95)] }, { nonces });
    await fresh.answer;
    expect(fresh.node.bodies).toHaveLength(2);
  });
});

describe('a range after a known block', () => {
  it('is believed where it follows on it, from the same answer', async () => {
    const after = { number: 0n, hash: hashOf(0) };
    const { answer, node } = read({ logs: [] }, { after });
    expect((await answer).end.number).toBe(100n);
    expect(node.bodies).toHaveLength(1);
  });

  it('is not believed where another block stands there, or none', async () => {
    const after = { number: 0n, hash: hashOf(0, 'b2') };
    await expect(read({ logs: [] }, { after }).answer).rejects.toThrow(ChainUnavailable);
    const gone = read({ logs: [], headers: { 0: null } }, { after: { number: 0n, hash: hashOf(0) } });
    await expect(gone.answer).rejects.toThrow(ChainUnavailable);
  });
});

describe('a range is not believed', () => {
  const refuses = (chain: Partial<ScriptedChain> & { readonly logs: readonly RawLog[] }, overrides = {}) =>
    expect(read(chain, overrides).answer).rejects.toThrow(ChainUnavailable);

  it('of a node that lacks its last block, even without logs', async () => {
    await refuses({ headNumber: 99, logs: [] });
  });

  it('when the last header has another number', async () => {
    await refuses({ logs: [], headers: { 100: { number: '0x63' } } });
  });

  it('when a log of its last block has another hash than the header', async () => {
    await refuses({ logs: [transferLog(100, { blockHash: hashOf(100, 'b2') })] });
  });

  it('when a block near its end has changed by the time of the second answer', async () => {
    await refuses({ logs: [transferLog(90)], headers: { 90: { hash: hashOf(90, 'b2') } } });
  });

  it('when the use of an authorization comes from another fork than its transfer', async () => {
    await refuses({ logs: [usedLog(40, nonce, { blockHash: hashOf(40, 'b2') }), transferLog(40), transferLog(50)] });
  });

  it.each([
    ['no list', null],
    ['a log without its index', [transferLog(40, { logIndex: null })]],
    ['a log without topics', [transferLog(40, { topics: undefined })]],
    ['a log above the range', [transferLog(140)]],
    ['a log below the range', [transferLog(0)]],
  ])('that answers %s', async (_name, logs) => {
    const chain = scriptedChain({ headNumber: 1_000, logs: [] });
    const rpc = {
      ...chain.rpc,
      batch: async (calls: Parameters<typeof chain.rpc.batch>[0]) =>
        (await chain.rpc.batch(calls)).map((outcome, index) =>
          calls[index]?.method === 'eth_getLogs' ? { kind: 'result' as const, value: logs } : outcome,
        ),
    };
    const reader = createEvmChainReader({ network: 'eip155:84532', rpc });
    await expect(reader.transfers(query)).rejects.toThrow(ChainUnavailable);
  });

  it('with two different transfers at one place', async () => {
    await refuses({ logs: [transferLog(40), transferLog(40, { data: `0x${'1'.repeat(64)}` })] });
  });
});

describe('a range that the provider refuses', () => {
  const tooLarge = new ScriptedError(-32005, 'query exceeds max block range 30');
  const logs = [3, 31, 62, 99].flatMap((block) => [usedLog(block, hashOf(block, '00')), transferLog(block)]);

  it('is read in parts, to the same answer', async () => {
    const whole = await read({ logs }).answer;
    const parts = read({ logs, rangeMax: { blocks: 30, error: tooLarge } });
    expect(await parts.answer).toEqual(whole);
    expect(whole.transfers).toHaveLength(4);
  });

  it('teaches the size that went through', async () => {
    const node = scriptedChain({ headNumber: 1_000, logs: [], rangeMax: { blocks: 30, error: tooLarge } });
    const reader = createEvmChainReader({ network: 'eip155:84532', rpc: node.rpc });
    await reader.transfers(query);
    const before = node.bodies.length;
    await reader.transfers({ ...query, fromNumber: 101n, toNumber: 125n });
    expect(node.bodies.length - before).toBe(1);
  });

  it('may end where one question ends', async () => {
    const { answer, node } = read({ logs, rangeMax: { blocks: 30, error: tooLarge } }, { mayEndEarly: true });
    const { transfers, end } = await answer;
    expect([end.number, transfers.map(({ blockNumber }) => blockNumber)]).toEqual([30n, [3n]]);
    // Refused, then transfers, then authorizations.
    expect(node.bodies).toHaveLength(3);
  });

  it('is asked for with fewer addresses, not fewer blocks, where those are too many', async () => {
    const wallets = Array.from({ length: 200 }, (_, index) => `0x${index.toString(16).padStart(40, '0')}`);
    const chain = scriptedChain({ headNumber: 1_000, logs: [] });
    const answerTo: typeof chain.rpc.batch = async (calls) => {
      const isLong = calls.some(({ params }) => (Object(params[0]).topics?.[2]?.length ?? 0) > 60);
      const error = new EvmRpcError(-32602, 'exceed max topics', null);
      return isLong ? calls.map(() => ({ kind: 'error' as const, error })) : chain.rpc.batch(calls);
    };
    const reader = createEvmChainReader({ network: 'eip155:84532', rpc: { ...chain.rpc, batch: answerTo } });
    expect((await reader.transfers({ ...query, wallets })).end.number).toBe(100n);
    expect(chain.bodies[0]?.filter(({ method }) => method === 'eth_getLogs')).toHaveLength(8);
  });

  it('is given up when a single block is refused', async () => {
    const { answer } = read({ logs, rangeMax: { blocks: 0, error: tooLarge } });
    await expect(answer).rejects.toThrow('query exceeds max block range 30');
  });

  it('is not split when the node is behind or asked too often', async () => {
    for (const text of ['block range extends beyond current head block', 'sender is over rate limit']) {
      const { answer, node } = read({ logs, rangeMax: { blocks: 30, error: new ScriptedError(-32602, text) } });
      await expect(answer).rejects.toThrow(ChainUnavailable);
      expect(node.bodies).toHaveLength(1);
    }
  });

  it('is not believed when the chain changed between two parts', async () => {
    const headers: Record<number, Record<string, unknown>> = {};
    const node = scriptedChain({ headNumber: 1_000, logs: [], headers, rangeMax: { blocks: 60, error: tooLarge } });
    const batch: typeof node.rpc.batch = async (calls) => {
      const outcomes = await node.rpc.batch(calls);
      const isFirstPart = calls.some(({ params }) => Object(params[0]).toBlock === '0x1e');
      if (isFirstPart) headers[30] = { hash: hashOf(30, 'b2') };
      return outcomes;
    };
    const reader = createEvmChainReader({ network: 'eip155:84532', rpc: { ...node.rpc, batch } });
    await expect(reader.transfers(query)).rejects.toThrow('changed while a range was read in parts');
  });
});
