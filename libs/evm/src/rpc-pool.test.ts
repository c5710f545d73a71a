import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { type ScriptedCall, ScriptedError, scriptedNetwork, scriptedNode } from '../test/scripted-node.js';
import { usdcAsset, usdcChainId } from '../test/sign-authorization.js';
import { EvmRpcError, rpcErrorOf } from './evm-rpc-error.js';
import { createRpcPool, type RpcPoolOptions } from './rpc-pool.js';
import { selectors } from './token-abi.js';

const separator = '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818';

function textWord(text: string): string {
  const hex = Buffer.from(text).toString('hex');
  return `0x${'20'.padStart(64, '0')}${text.length.toString(16).padStart(64, '0')}${hex.padEnd(64, '0')}`;
}

/** Base Sepolia with its USDC, as far as a check asks; `script` answers first. */
function node(script: (call: ScriptedCall) => unknown = () => undefined) {
  const answers: Record<string, unknown> = {
    [selectors.name]: textWord('USDC'),
    [selectors.version]: textWord('2'),
    [selectors.symbol]: textWord('USDC'),
    [selectors.decimals]: `0x${'6'.padStart(64, '0')}`,
    [selectors.domainSeparator]: separator,
  };
  return scriptedNode((call) => {
    const own = script(call);
    if (own !== undefined) return own;
    if (call.method === 'eth_chainId') return `0x${usdcChainId.toString(16)}`;
    if (call.method === 'eth_getCode') return '0x60';
    if (call.method === 'eth_call') return answers[String((call.params[0] as { data: string }).data)];
    return call.method === 'eth_blockNumber' ? '0x7' : null;
  });
}

/** A node that answers nothing while `isAway` says so. */
function awayWhile(isAway: () => boolean) {
  const answering = node();
  return {
    ...answering.rpc,
    request: async (...args: Parameters<typeof answering.rpc.request>) => {
      if (isAway()) throw new ChainUnavailable(scriptedNetwork, 'connection failed');
      return answering.rpc.request(...args);
    },
  };
}

function pool(nodes: readonly RpcPoolOptions['nodes'][number]['rpc'][], nowMs = () => 0) {
  const named = nodes.map((rpc, index) => ({ name: `node ${index + 1}`, rpc }));
  return createRpcPool({ network: scriptedNetwork, chainId: usdcChainId, assets: [usdcAsset], nodes: named, nowMs });
}

const methodsOf = (scripted: ReturnType<typeof node>) => scripted.bodies.flat().map(({ method }) => method);

describe('a node that is asked too often', () => {
  it('is left alone as long as it says, and the next one is asked', async () => {
    const clock = { nowMs: 0 };
    let asked = 0;
    let isBusy = false;
    const first = node();
    const busy = {
      ...first.rpc,
      request: async (...args: Parameters<typeof first.rpc.request>) => {
        if (args[0] === 'eth_blockNumber') asked += 1;
        if (!isBusy) return first.rpc.request(...args);
        const cause = new EvmRpcError(429, 'too many requests', null, 7_000);
        throw new ChainUnavailable(scriptedNetwork, 'HTTP 429', { cause });
      },
    };
    const second = node(({ method }) => (method === 'eth_blockNumber' ? '0x9' : undefined));
    const open = pool([busy, second.rpc], () => clock.nowMs);
    expect(await open.request('eth_blockNumber', [])).toBe('0x7');
    isBusy = true;
    expect(await open.request('eth_blockNumber', [])).toBe('0x9');
    expect(await open.others.request('eth_blockNumber', []).catch((error: Error) => error.message)).toMatch(
      /left alone/,
    );
    expect(asked).toBe(2);
    isBusy = false;
    clock.nowMs = 7_001;
    expect(await open.others.request('eth_blockNumber', [])).toBe('0x7');
  });
});

describe('a second opinion', () => {
  it('is of another node than the one that answers, and moves no preference', async () => {
    const [first, second] = [node(), node(({ method }) => (method === 'eth_blockNumber' ? '0x9' : undefined))];
    const open = pool([first.rpc, second.rpc]);
    expect(await open.request('eth_blockNumber', [])).toBe('0x7');
    expect(open.hasOther()).toBe(true);
    expect(await open.others.request('eth_blockNumber', [])).toBe('0x9');
    expect(await open.request('eth_blockNumber', [])).toBe('0x7');
  });

  it('is never of the node itself where it is the other one that is away', async () => {
    const open = pool([node().rpc, awayWhile(() => true)]);
    expect(await open.request('eth_blockNumber', [])).toBe('0x7');
    await expect(open.others.request('eth_blockNumber', [])).rejects.toThrow(ChainUnavailable);
  });

  it('is of the same node where there is no other', async () => {
    const open = pool([node().rpc]);
    expect(open.hasOther()).toBe(false);
    expect(await open.others.request('eth_blockNumber', [])).toBe('0x7');
  });
});

describe('a pool of nodes', () => {
  it('asks a node nothing before chain and token are what they should be, and then asks', async () => {
    const only = node();
    const open = pool([only.rpc]);
    expect(open.standing()).toEqual({ kind: 'away', reason: 'not checked yet' });
    expect(await open.request('eth_blockNumber', [])).toBe('0x7');
    expect(methodsOf(only).at(0)).toBe('eth_chainId');
    expect(methodsOf(only).at(-1)).toBe('eth_blockNumber');
    expect(open.standing()).toEqual({ kind: 'open' });
  });

  it.each([
    ['another chain', 'eth_chainId', '0x1', 'its node is of chain 1, not 84532'],
    ['no contract', 'eth_getCode', '0x', /^code of USDC should be a contract at 0x036c.+ and is none$/],
    ['other decimals', selectors.decimals, `0x${'12'.padStart(64, '0')}`, 'decimals of USDC should be 6 and is 18'],
    ['another symbol', selectors.symbol, textWord('USDT'), 'symbol of USDC should be USDC and is USDT'],
    [
      'another signing domain',
      selectors.domainSeparator,
      `0x${'1'.repeat(64)}`,
      /^eip712 of USDC should be name "USDC"/,
    ],
  ])('refuses a node that has %s, and says so (A13)', async (_what, key, answer, reason) => {
    const wrong = node(({ method, params }) => {
      const isIt = method === key || (params[0] as { data?: string } | undefined)?.data === key;
      return isIt ? answer : undefined;
    });
    const refused = pool([wrong.rpc]);
    await expect(refused.request('eth_blockNumber', [])).rejects.toThrow(ChainUnavailable);
    expect(methodsOf(wrong)).not.toContain('eth_blockNumber');
    expect(refused.nodes()).toEqual([{ name: 'node 1', state: 'refused', reason: expect.stringMatching(reason) }]);
    expect(refused.standing().kind).toBe('refused');
  });

  it('goes on with the next node where one is silent, and stays there', async () => {
    let isAway = false;
    const second = node();
    const both = pool([awayWhile(() => isAway), second.rpc]);
    await both.request('eth_blockNumber', []);
    expect(second.bodies).toEqual([]);
    isAway = true;
    expect(await both.request('eth_blockNumber', [])).toBe('0x7');
    isAway = false;
    const asked = second.bodies.length;
    await both.request('eth_blockNumber', []);
    expect(second.bodies.length).toBe(asked + 1);
  });

  it('never asks a wrong node in the place of a silent one', async () => {
    const wrong = node(({ method }) => (method === 'eth_chainId' ? '0x1' : undefined));
    const both = pool([awayWhile(() => true), wrong.rpc]);
    await expect(both.request('eth_blockNumber', [])).rejects.toThrow('its node is of chain 1');
    expect(both.standing()).toMatchObject({
      kind: 'away',
      reason: expect.stringMatching(/node 1: .+; node 2: its node is of chain 1/),
    });
  });

  it('takes an error that a node answers for its answer, but for one that is too busy', async () => {
    const reverting = node(({ method }) =>
      method === 'eth_estimateGas' ? new ScriptedError(3, 'reverted') : undefined,
    );
    const busy = node(({ method }) => (method === 'eth_estimateGas' ? new ScriptedError(-32_005, 'limit') : undefined));
    const last = node();
    const refusal = await pool([reverting.rpc, last.rpc])
      .request('eth_estimateGas', [])
      .catch((error: unknown) => error);
    expect(rpcErrorOf(refusal)).toMatchObject({ code: 3 });
    expect(last.bodies).toEqual([]);
    expect(await pool([busy.rpc, last.rpc]).request('eth_estimateGas', [])).toBeNull();
  });

  it('looks again at what was away or wrong, and sees when a good node turns into another', async () => {
    let now = 0;
    let isAway = true;
    let chainId = '0x1';
    const moving = node(({ method }) => (method === 'eth_chainId' ? chainId : undefined));
    const both = pool([awayWhile(() => isAway), moving.rpc], () => now);
    await both.check();
    expect(both.nodes().map(({ state }) => state)).toEqual(['away', 'refused']);
    isAway = false;
    chainId = `0x${usdcChainId.toString(16)}`;
    await both.check();
    expect(both.nodes().map(({ state }) => state)).toEqual(['away', 'refused']);
    now = 5_000;
    await both.check();
    expect(both.nodes().map(({ state }) => state)).toEqual(['ok', 'ok']);
    // Silence changes nothing about what a node was seen to be; another chain does.
    isAway = true;
    chainId = '0x1';
    now += 60_000;
    await both.check();
    expect(both.nodes().map(({ state }) => state)).toEqual(['ok', 'refused']);
  });
});
