import { type EvmRpc, EvmRpcError } from '@tollbook/evm';
import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { RpcTally, tallyRpc } from './rpc-tally.js';

const network = 'eip155:84532';

function openTally() {
  const clock = { nowMs: 1_795_000_000_000 };
  const tally = new RpcTally(() => clock.nowMs);
  const node: { answer: () => unknown } = { answer: () => '0x1' };
  const rpc: EvmRpc = {
    network,
    request: async () => node.answer(),
    batch: async (calls) =>
      calls.map(() => ({ kind: 'error', error: new EvmRpcError(Number(node.answer()), 'no', null) })),
  };
  return { clock, tally, node, rpc: tallyRpc(rpc, tally) };
}

const failing = (cause?: Error) => () => {
  throw new ChainUnavailable(network, 'eth_call: HTTP 429 from http://user:secret@node', cause && { cause });
};

describe('RpcTally', () => {
  it('counts requests and those that failed, and remembers the last failure without passwords', async () => {
    const { tally, node, rpc, clock } = openTally();
    await rpc.request('eth_chainId', []);
    node.answer = failing();
    await expect(rpc.request('eth_call', [])).rejects.toThrow(ChainUnavailable);
    expect(tally.read()).toEqual({
      windowSeconds: 900,
      requests: 2,
      errors: 1,
      lastErrorAtMs: clock.nowMs,
      lastError: 'eth_call: HTTP 429 from http://user:***@node',
    });
  });

  it.each([
    ['a revert', 3, 0],
    ['a transaction it knows', -32_000, 0],
    ['its limit', -32_005, 1],
    ['its own failure', -32_603, 1],
  ])('counts %s by what it says of the node', async (_what, code, errors) => {
    const { tally, node, rpc } = openTally();
    node.answer = failing(new EvmRpcError(code, 'said the node', null));
    await rpc.request('eth_call', []).catch(() => undefined);
    expect(tally.read()).toMatchObject({ requests: 1, errors });
    node.answer = () => code;
    await rpc.batch([{ method: 'eth_call', params: [] }]);
    expect(tally.read()).toMatchObject({ requests: 2, errors: 2 * errors });
  });

  it('forgets after fifteen minutes', async () => {
    const { tally, node, rpc, clock } = openTally();
    node.answer = failing();
    await rpc.request('eth_call', []).catch(() => undefined);
    clock.nowMs += 14 * 60_000;
    node.answer = () => '0x1';
    await rpc.request('eth_call', []);
    expect(tally.read()).toMatchObject({ requests: 2, errors: 1 });
    clock.nowMs += 60_000;
    expect(tally.read()).toMatchObject({ requests: 1, errors: 0 });
  });
});
