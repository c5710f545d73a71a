import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { eventually, type Process, startWorld, type World } from './world.js';

const authorizationUsed = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';

describe('one paid request sent many times to two processes', () => {
  let world: World;
  let apis: Process[];

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
    apis = [await world.startApi(), await world.startApi()];
    await world.startWorker();
  });
  afterAll(() => world.stop());

  const url = (at: number) => `${apis[at % apis.length]?.url}/g/demo/weather`;
  const usedOnChain = async () => {
    const filter = {
      fromBlock: '0x0',
      toBlock: 'latest',
      address: world.sandbox.info.evm.usdc,
      topics: [authorizationUsed],
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [filter] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(world.sandbox.info.evm.rpcUrl, { method: 'POST', headers, body });
    return ((await answer.json()) as { result: unknown[] }).result.length;
  };

  it.each([1, 2] as const)(
    'runs the upstream once, moves money once and answers all alike, x402 v%i (A01, A03)',
    async (version) => {
      const callsBefore = world.upstream.keys.length;
      const usedBefore = await usedOnChain();
      const header = await signedHeader(world, url(0), version);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => send(url(at), header)));
      const served = answers.filter((answer) => answer.status === 200);
      expect(served.length).toBeGreaterThan(0);
      expect(new Set(served.map((answer) => answer.body)).size).toBe(1);
      for (const answer of answers) {
        if (answer.status !== 200) expect([answer.status, answer.code]).toEqual([409, 'payment_in_progress']);
      }
      expect(world.upstream.keys.length).toBe(callsBefore + 1);
      await eventually('the payment is final', async () => {
        const [row] = await world.rows<{ n: string }>(
          `select count(*) as n from payment_intents where status = 'final' and sequence > 0`,
        );
        return Number(row?.n) >= version;
      });
      expect(await usedOnChain()).toBe(usedBefore + 1);
      const again = await send(url(1), header);
      expect([again.status, again.body, again.header('tollbook-replayed')]).toEqual([200, served[0]?.body, 'true']);
      expect(world.upstream.keys.length).toBe(callsBefore + 1);
    },
  );

  it('refuses the same payment for another request, and keeps the first answer for the first (A02)', async () => {
    const header = await signedHeader(world, url(0));
    const first = await send(url(0), header);
    expect(first.status).toBe(200);
    const other = await send(`${url(1)}?city=oslo`, header);
    expect([other.status, other.code]).toEqual([409, 'payment_used_elsewhere']);
    expect(other.header('payment-required')).not.toBeNull();
    expect((await send(url(1), header)).body).toBe(first.body);
  });
});
