import { ChainStateMissing, ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import {
  hashOf,
  payer,
  scriptedChain,
  timeOf,
  topicOfAddress,
  transferLog,
  usdc,
  usedLog,
  wallet,
} from '../test/scripted-chain.js';
import { ScriptedError, scriptedNode } from '../test/scripted-node.js';
import { createEvmChainReader } from './evm-chain-reader.js';
import { eventTopics } from './token-abi.js';

const nonce = hashOf(7, '00');
const readerOf = (node: Pick<ReturnType<typeof scriptedNode>, 'rpc'>) =>
  createEvmChainReader({ network: 'eip155:84532', rpc: node.rpc });
const answering = (result: unknown) => readerOf(scriptedNode(() => result));

describe('head', () => {
  it('is the newest and the final block of one answer', async () => {
    const node = scriptedChain({ headNumber: 9, logs: [] });
    const { head, final } = await readerOf(node).head();
    expect([head.number, final.number]).toEqual([9n, 0n]);
    expect(node.bodies).toHaveLength(1);
  });

  it('is not believed without a final block, or with one above the head', async () => {
    await expect(readerOf(scriptedChain({ headNumber: 9, logs: [], headers: { 0: null } })).head()).rejects.toThrow(
      ChainUnavailable,
    );
    const ahead = scriptedChain({ headNumber: 9, logs: [], headers: { 0: { number: '0xa' } } });
    await expect(readerOf(ahead).head()).rejects.toThrow(ChainUnavailable);
  });
});

describe('headers', () => {
  it('are in the order asked for, null where there is no block, in parts that providers take', async () => {
    const node = scriptedChain({ headNumber: 240, logs: [] });
    const numbers = Array.from({ length: 250 }, (_, index) => BigInt(index));
    const headers = await readerOf(node).headers(numbers);
    expect(headers.map((header) => header?.number ?? null)).toEqual(
      numbers.map((number) => (number > 240n ? null : number)),
    );
    expect(headers[3]).toEqual({ number: 3n, hash: hashOf(3), parentHash: hashOf(2), timeUnixSeconds: timeOf(3) });
    expect(node.bodies.map((body) => body.length)).toEqual([100, 100, 50]);
  });

  it('are refused when another block comes', async () => {
    const node = scriptedChain({ headNumber: 9, logs: [], headers: { 3: { number: '0x4' } } });
    await expect(readerOf(node).headers([3n])).rejects.toThrow(ChainUnavailable);
  });
});

describe('authorizationFate', () => {
  const key = { payer, nonce };

  it('is the log that burnt the nonce', async () => {
    const used = readerOf(scriptedChain({ headNumber: 99, logs: [usedLog(40, nonce)] }));
    const txHash = hashOf(40, '7a');
    expect(await used.authorizationFate(usdc, key, 1n, 99n)).toEqual({ kind: 'used', txHash, blockNumber: 40n });
    const topics = [eventTopics.authorizationCanceled, topicOfAddress(payer), nonce];
    const canceled = readerOf(scriptedChain({ headNumber: 99, logs: [usedLog(40, nonce, { topics })] }));
    expect(await canceled.authorizationFate(usdc, key, 1n, 99n)).toMatchObject({ kind: 'canceled' });
  });

  it('is null when no log is found, other nonces and contracts left aside', async () => {
    const logs = [usedLog(40, hashOf(8, '00')), usedLog(41, nonce, { address: wallet })];
    expect(await readerOf(scriptedChain({ headNumber: 99, logs })).authorizationFate(usdc, key, 1n, 99n)).toBeNull();
  });

  it('is not believed of a node that lacks the range, nor when a nonce burns twice', async () => {
    const behind = readerOf(scriptedChain({ headNumber: 50, logs: [] }));
    await expect(behind.authorizationFate(usdc, key, 1n, 99n)).rejects.toThrow(ChainUnavailable);
    const twice = readerOf(scriptedChain({ headNumber: 99, logs: [usedLog(40, nonce), usedLog(41, nonce)] }));
    await expect(twice.authorizationFate(usdc, key, 1n, 99n)).rejects.toThrow(ChainUnavailable);
  });

  it('is found in parts too', async () => {
    const error = new ScriptedError(-32000, 'block range is too wide');
    const node = scriptedChain({ headNumber: 99, logs: [usedLog(40, nonce)], rangeMax: { blocks: 9, error } });
    expect(await readerOf(node).authorizationFate(usdc, key, 1n, 99n)).toMatchObject({ blockNumber: 40n });
  });
});

describe('state at a block', () => {
  it('is asked for by the hash of a canonical block', async () => {
    const node = scriptedNode(() => `0x${'0'.repeat(63)}1`);
    const reader = readerOf(node);
    expect(await reader.balanceAt(usdc, wallet, hashOf(5))).toBe(1n);
    expect(await reader.nonceStates(usdc, [{ payer, nonce }], hashOf(5))).toEqual([{ payer, nonce, isUsed: true }]);
    for (const { params } of node.bodies.flat()) {
      expect(params[1]).toEqual({ blockHash: hashOf(5), requireCanonical: true });
    }
  });

  it('is not believed when it is no word, no flag, or an error', async () => {
    await expect(answering('0x').balanceAt(usdc, wallet, hashOf(5))).rejects.toThrow(ChainUnavailable);
    const two = `0x${'0'.repeat(63)}2`;
    await expect(answering(two).nonceStates(usdc, [{ payer, nonce }], hashOf(5))).rejects.toThrow(ChainUnavailable);
    const missing = new ScriptedError(-32000, 'header not found');
    await expect(answering(missing).balanceAt(usdc, wallet, hashOf(5))).rejects.not.toThrow(ChainStateMissing);
    await expect(answering(missing).balanceAt(usdc, wallet, hashOf(5))).rejects.toThrow(ChainUnavailable);
  });
});

describe('state that a node has forgotten', () => {
  it.each([
    'missing trie node 1234 (path ) state 0x12 is not available',
    'historical state 12ab is not available',
    'state at block #5 is pruned',
    'No state available for block 5',
    'Archive node required',
  ])('is told apart from silence: %s', async (text) => {
    const node = answering(new ScriptedError(-32000, text));
    await expect(node.balanceAt(usdc, wallet, hashOf(5))).rejects.toThrow(ChainStateMissing);
  });
});

describe('chainId and receipt', () => {
  const mined = { status: '0x0', blockNumber: '0x28', blockHash: hashOf(40), transactionHash: hashOf(40, '7a') };

  it('tell what the node tells', async () => {
    expect(await answering('0x14a34').chainId()).toBe(84_532);
    expect(await answering(mined).receipt(hashOf(40, '7a'))).toEqual({
      isSuccess: false,
      blockNumber: 40n,
      blockHash: hashOf(40),
    });
  });

  it('knows no receipt before the block', async () => {
    expect(await answering(null).receipt(hashOf(40, '7a'))).toBeNull();
    expect(await answering({ ...mined, blockHash: null }).receipt(hashOf(40, '7a'))).toBeNull();
  });

  it('are not believed when malformed or of another chain tx', async () => {
    await expect(answering('main').chainId()).rejects.toThrow(ChainUnavailable);
    await expect(answering(mined).receipt(hashOf(41, '7a'))).rejects.toThrow(ChainUnavailable);
    await expect(answering(transferLog(40)).receipt(hashOf(40, '7a'))).rejects.toThrow(ChainUnavailable);
  });
});
