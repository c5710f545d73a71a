import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { facilitatorSchema } from '@tollbook/contract';
import { sendTokens, startFacilitator } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, sendUninvited } from '../buyer.js';
import { answered, eventually } from '../world.js';
import { signedIn, type TwoGates, told } from './two-gates.js';

type Scripted = Awaited<ReturnType<typeof startFacilitator>>;

const slowCount = 60;

/** What a facilitator that is slow, lies, is away or was taken over can make of a payment. */
export function attacksThroughFacilitators(gates: () => TwoGates): void {
  describe('a facilitator that settles for the shop', () => {
    let scripted: Scripted;
    let id: string;
    let oldTx = '';

    beforeAll(async () => {
      const { world, client, url } = gates();
      scripted = await startFacilitator(world.sandbox.info, { delayMs: 1, oldTx: () => oldTx });
      const body = { kind: 'remote', name: 'Scripted', url: scripted.url, allowsPlainHttp: true };
      id = facilitatorSchema.parse((await client.post('/v1/facilitators', body)).body).id;
      await eventuallyAt('settles', async (at) => {
        const before = scripted.settled.length;
        const { header } = await gates().pay(url(at));
        return (await send(url(at), header)).status === 200 && scripted.settled.length > before;
      });
    });
    afterAll(async () => {
      await gates()?.client.remove(`/v1/facilitators/${id}`);
      await scripted?.close();
    });

    /** Both gates, one after the other. */
    const eventuallyAt = async (what: string, isSo: (at: number) => Promise<boolean>) => {
      for (const at of [0, 1]) await eventually(`gate ${at} ${what}`, () => isSo(at));
    };

    /** Sends one payload, to both gates in turn, until it is answered with something else than a doubt. */
    const untilKnown = (header: Record<string, string>) => {
      let turn = 0;
      const ask = () => {
        turn += 1;
        return sendUninvited(gates().url(turn), header);
      };
      // Gates are killed and paused here, with what they hold in the database.
      return answered(gates().world, ask, ['payment_outcome_unknown', 'payment_in_progress', 'store_unavailable']);
    };

    it('is asked once for forty copies, and one word of it is one grant (A03)', async () => {
      const { world, url, pay, paid } = gates();
      const [calls, settled] = [world.upstream.keys.length, scripted.settled.length];
      const { header, invoiceId } = await pay(url(0));
      const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => send(url(at), header)));
      expect(new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body)).size).toBe(1);
      expect([world.upstream.keys.length, scripted.settled.length]).toEqual([calls + 1, settled + 1]);
      paid.push(invoiceId);
    });

    it.each(['lost_reply', 'declined_then_sent', 'double_answer', 'other_payer'] as const)(
      'that broadcasts and then says %s leaves a doubt, no new offer, and one payment (A06, A41)',
      async (script) => {
        const { world, url, pay, buyer, paid } = gates();
        const { privateKey } = await buyer();
        const { header, invoiceId } = await pay(url(0), { privateKey });
        const fresh = await pay(url(1), { privateKey });
        const calls = world.upstream.keys.length;
        scripted.otherwise = script;
        const unknown = await answered(world, () => send(url(0), header));
        scripted.otherwise = 'ok';
        expect(told(unknown)).toEqual([503, 'payment_outcome_unknown']);
        const other = await answered(world, () => send(url(1), fresh.header));
        for (const { header } of [unknown, other]) expect(header('payment-required')).toBeNull();
        if (other.status === 503) expect(other.code).toBe('earlier_payment_unknown');
        expect((await untilKnown(header)).status).toBe(200);
        expect(world.upstream.keys.length).toBe(calls + 1);
        expect((await send(url(1), fresh.header)).header('payment-required')).toBeNull();
        paid.push(invoiceId);
      },
    );

    it('that answers nothing true is believed nothing: no grant without the chain (A08, A16)', async () => {
      const { world, url, pay, buyer } = gates();
      // One that did something else, and one that moved nothing at all.
      const gift = { privateKey: world.sandbox.info.buyer.evmPrivateKey, to: `0x${'00'.repeat(19)}77` as const };
      const elsewhere = await sendTokens(world.sandbox.info, { ...gift, amountAtomic: 10_000n });
      await eventually(
        'it is mined',
        async () => (await gates().rpc('eth_getTransactionReceipt', [elsewhere])) !== null,
      );
      for (const script of ['old_tx', 'garbage', 'redirect', 'declined', 'lost_payment'] as const) {
        oldTx = elsewhere;
        const { privateKey } = await buyer();
        const { header } = await pay(url(0), { privateKey });
        scripted.otherwise = script;
        const answer = await send(url(0), header);
        expect([script, ...told(answer)]).toEqual([script, 503, 'payment_outcome_unknown']);
        expect(answer.header('payment-required')).toBeNull();
        const again = await send(url(1), header);
        expect([script, ...told(again)]).toEqual([script, 503, 'payment_outcome_unknown']);
        scripted.otherwise = 'ok';
        expect(scripted.sentCount()).toBeGreaterThan(0);
        const { nonce } = signedIn(header).authorization;
        expect(scripted.settled.filter((body) => body.includes(nonce))).toHaveLength(1);
      }
    });

    it('that settles while its gate is killed has moved money, and the retry elsewhere gets the goods (A07)', async () => {
      const { world, apis, url, pay, buyer, paid } = gates();
      const doomed = apis[1];
      const { privateKey } = await buyer();
      const { header, invoiceId } = await pay(url(1), { privateKey });
      const calls = world.upstream.keys.length;
      scripted.otherwise = 'silent_after_send';
      const lost = send(url(1), header).catch(() => null);
      await eventually('it was sent', async () =>
        scripted.settled.some((body) => body.includes(signedIn(header).authorization.nonce)),
      );
      await doomed.kill();
      expect(await lost).toBeNull();
      scripted.otherwise = 'ok';
      const restarted = world.startApi();
      const served = await eventually('the retry is served', async () => {
        const answer = await send(url(0), header);
        expect(answer.header('payment-required')).toBeNull();
        return answer.status === 200 && answer;
      });
      expect(served.body).toContain('clear');
      expect(world.upstream.keys.length).toBe(calls + 1);
      paid.push(invoiceId);
      apis[1] = await restarted;
      // It offers once it has heard from the facilitator itself.
      await eventually('the new gate offers', async () => (await send(url(1))).status === 402);
    });

    it('is asked once although its gate was paused around the send: another took over meanwhile (A42)', async () => {
      const { world, apis, url, pay, buyer, paid } = gates();
      const paused = apis[1];
      const during = await buyer();
      const [unsent, sending] = [await pay(url(1)), await pay(url(1), { privateKey: during.privateKey })];
      const settledOf = ({ header }: typeof unsent) =>
        scripted.settled.filter((body) => body.includes(signedIn(header).authorization.nonce));
      scripted.scripts.set(during.address.toLowerCase(), 'silent_after_send');
      const heard = [send(url(1), sending.header)];
      await eventually('one was sent', async () => settledOf(sending).length === 1);
      const runs: string[] = [];
      let finishFirst = () => {};
      world.upstream.answerWith((request, response) => {
        runs.push(String(request.headers['idempotency-key']));
        if (runs.length > 1) return response.end('second run');
        finishFirst = () => void response.end('first run');
        return process.kill(paused.pid, 'SIGSTOP');
      });
      heard.push(send(url(1), unsent.header));
      await eventually('the other waits for its upstream', async () => runs.length === 1);
      const served = await Promise.all(
        [sending, unsent].map(({ header }) =>
          eventually('the other gate serves it', async () => {
            const answer = await send(url(0), header);
            expect(answer.header('payment-required')).toBeNull();
            return answer.status === 200 && answer;
          }),
        ),
      );
      expect(served.map(({ body }) => body.includes('second run'))).toEqual([false, true]);
      finishFirst();
      process.kill(paused.pid, 'SIGCONT');
      scripted.hangUp();
      for (const [at, answer] of (await Promise.all(heard)).entries()) {
        expect(answer.header('payment-required')).toBeNull();
        if (answer.status === 200) expect(answer.body).toBe(served[at]?.body);
      }
      world.upstream.answerAsBefore();
      expect(new Set(runs).size).toBe(1);
      expect(settledOf(unsent)).toHaveLength(1);
      expect(new Set(settledOf(sending)).size).toBe(1);
      paid.push(unsent.invoiceId, sending.invoiceId);
    });

    it('that never answers one payer keeps no other waiting (A10)', async () => {
      const { url, pay, buyer, paid } = gates();
      const attacker = await buyer();
      const floods = await Promise.all(
        Array.from({ length: slowCount }, (_, at) => pay(url(at), { privateKey: attacker.privateKey })),
      );
      scripted.scripts.set(attacker.address.toLowerCase(), 'silent_after_send');
      const heard: string[] = [];
      const flooding = floods.map(async ({ header }, at) => {
        const answer = await send(url(at), header).catch(() => null);
        heard.push(answer?.code ?? String(answer?.status));
      });
      await eventually('the first of them hang', async () =>
        scripted.settled.some((body) => body.toLowerCase().includes(attacker.address.toLowerCase())),
      );
      const honest = await Promise.all(Array.from({ length: 10 }, (_, at) => pay(url(at))));
      const isServed = async (header: Record<string, string>, at: number) =>
        (await send(url(at), header)).status === 200;
      await Promise.all(honest.map(({ header }, at) => eventually('it is served', () => isServed(header, at))));
      // What was answered to the flood by then says that there is no room.
      const noRoom = ['gate_busy', 'store_unavailable', 'settlement_unavailable'];
      for (const code of heard) expect(noRoom).toContain(code);
      expect(heard.length).toBeLessThan(slowCount);
      paid.push(...honest.map(({ invoiceId }) => invoiceId));
      scripted.scripts.delete(attacker.address.toLowerCase());
      scripted.hangUp();
      await Promise.all(flooding);
    });

    it('that redirects, is too busy or talks nonsense closes the shop and opens nothing (A09)', async () => {
      const { world, client, url, pay, attempts } = gates();
      const { header } = await pay(url(0));
      const before = [world.upstream.keys.length, await attempts()];
      const wrong = await startWrongFacilitators();
      try {
        const ids = await Promise.all(
          wrong.modes.map(async (mode) => {
            const body = { kind: 'remote', name: mode, url: `${wrong.url}/${mode}`, allowsPlainHttp: true };
            return facilitatorSchema.parse((await client.post('/v1/facilitators', body)).body).id;
          }),
        );
        await client.patch(`/v1/facilitators/${id}`, { isEnabled: false });
        // A gate that begins with such facilitators begins closed.
        const late = await world.startApi();
        for (const mode of wrong.modes) {
          await eventually(`all gates asked ${mode}`, async () => (wrong.asked.get(mode) ?? 0) >= 3);
        }
        for (const gate of [url(0), url(1), `${late.url}/g/demo/weather`]) {
          await eventually('it is closed', async () => (await send(gate)).status === 503);
          for (const headers of [{}, header]) {
            const answer = await send(gate, headers);
            expect(told(answer)).toEqual([503, 'settlement_unavailable']);
            expect(answer.header('payment-required')).toBeNull();
          }
        }
        await late.kill();
        expect([world.upstream.keys.length, await attempts()]).toEqual(before);
        await client.patch(`/v1/facilitators/${id}`, { isEnabled: true });
        await Promise.all(ids.map((each) => client.remove(`/v1/facilitators/${each}`)));
      } finally {
        await wrong.close();
      }
      await eventuallyAt('is open again', async (at) => (await send(url(at))).status === 402);
      expect((await send(url(1), header)).status).toBe(200);
    });
  });
}

/** One for each wrong thing to say, which it answers to every question. */
async function startWrongFacilitators() {
  const modes = ['308', '429', '200-html', '200-empty'] as const;
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const [, mode = ''] = (request.url ?? '').split('/');
    asked.set(mode, (asked.get(mode) ?? 0) + 1);
    response.writeHead(Number(mode.slice(0, 3)), { location: '/elsewhere', 'content-type': 'application/json' });
    response.end(mode === '200-html' ? '<html>' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { modes, asked, url: `http://127.0.0.1:${port}`, close };
}
