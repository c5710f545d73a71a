import { changeDevAccountOwner, newBuyer, placeDevAccount } from '@tollbook/sandbox';
import { describe, expect, it } from 'vitest';
import { send, type TamperedPayload, tampered } from '../buyer.js';
import { answered, eventually } from '../world.js';
import { sendFrom, signedAnew, signedIn, type TwoGates, told } from './two-gates.js';

/** Payments that were made, copied, changed or shown elsewhere. */
export function attacksWithPayments(gates: () => TwoGates): void {
  describe('a payment that is shown again', () => {
    it('is one run and one transfer: 200 copies at once, 200 in turn, a gate killed in between (A01)', async () => {
      const { world, apis, url, pay } = gates();
      const calls = world.upstream.keys.length;
      const { header, invoiceId } = await pay(url(0));
      const atOnce = await Promise.all(Array.from({ length: 200 }, (_, at) => send(url(at), header)));
      const served = atOnce.filter(({ status }) => status === 200);
      expect(served.length).toBeGreaterThan(0);
      for (const answer of atOnce) {
        // So many at once may find the database busy; what they hear then is to send the same again.
        if (answer.status !== 200) expect(['payment_in_progress', 'store_unavailable']).toContain(answer.code);
      }
      await apis[1].kill();
      const restarted = world.startApi();
      for (let at = 0; at < 100; at += 1) expect((await send(url(0), header)).body).toBe(served[0]?.body);
      apis[1] = await restarted;
      for (let at = 0; at < 100; at += 1) {
        const again = await send(url(at), header);
        expect([again.status, again.body, again.header('tollbook-replayed')]).toEqual([200, served[0]?.body, 'true']);
      }
      expect(world.upstream.keys.length).toBe(calls + 1);
      gates().paid.push(invoiceId);
    });

    it('buys nothing else at the same price, before it was used and after (A02)', async () => {
      const { world, url, pay, sell, attempts, paid } = gates();
      await Promise.all([sell('/same-one'), sell('/same-two'), sell('/same-posted', { method: 'POST' })]);
      const { header, invoiceId } = await pay(url(0, '/same-one'));
      const before = await attempts();
      const elsewhere = ['/same-two', '/weather', '/weather?city=oslo'];
      for (const path of elsewhere) {
        expect([path, ...told(await send(url(1, path), header))]).toEqual([path, 402, 'resource_mismatch']);
        const unnamed = tampered(header, (whole) => void Reflect.deleteProperty(whole, 'resource'));
        expect([path, ...told(await send(url(0, path), unnamed))]).toEqual([path, 402, 'resource_mismatch']);
        expect((await send(url(0, '/same-posted'), header, { method: 'POST' })).status).toBe(402);
      }
      expect(await attempts()).toBe(before);
      const calls = world.upstream.keys.length;
      expect((await send(url(0, '/same-one'), header)).status).toBe(200);
      for (const path of [...elsewhere, '/same-one?city=oslo']) {
        expect([path, ...told(await send(url(1, path), header))]).toEqual([path, 409, 'payment_used_elsewhere']);
      }
      const head = await send(url(1, '/same-one'), header, { method: 'HEAD' });
      expect(head.status).toBe(409);
      expect(world.upstream.keys.length).toBe(calls + 1);
      paid.push(invoiceId);
    });

    it('buys one of two things where it names neither, whichever gate is first (A02)', async () => {
      const { world, url, pay } = gates();
      const calls = world.upstream.keys.length;
      const { header } = await pay(url(0, '/same-one'), { version: 1 });
      const both = await Promise.all([send(url(0, '/same-one'), header), send(url(1, '/same-two'), header)]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(world.upstream.keys.length).toBe(calls + 1);
    });

    it('is the same payment in every spelling of its signature and its base64 (A04)', async () => {
      const { world, url, pay, attempts, paid } = gates();
      const { header, invoiceId } = await pay(url(0));
      const first = await send(url(0), header);
      expect(first.status).toBe(200);
      const [calls, claims] = [world.upstream.keys.length, await attempts()];
      const { signature, authorization } = signedIn(header);
      const [name = '', value = ''] = Object.entries(header)[0] ?? [];
      const spelt = (change: (payload: TamperedPayload['payload']) => void) =>
        tampered(header, ({ payload }) => change(payload));
      const variants = [
        spelt((payload) => {
          payload.signature = signature.toUpperCase().replace('0X', '0x');
        }),
        spelt((payload) => {
          payload.signature = signature.slice(0, -2) + (signature.endsWith('1b') ? '00' : '01');
        }),
        spelt((payload) => {
          payload.signature = highS(signature);
        }),
        spelt((payload) => {
          payload.signature = `${signature}00`;
        }),
        spelt((payload) => {
          payload.signature = `0x${'11'.repeat(64)}1b`;
        }),
        spelt((payload) => {
          payload.authorization.nonce = authorization.nonce.toUpperCase().replace('0X', '0x');
        }),
        spelt((payload) => {
          payload.authorization.from = authorization.from.toLowerCase();
        }),
        { [name]: value.replace(/=+$/, '') },
        { [name]: `${value}=` },
        { [name]: `${value}AAAA` },
      ];
      for (const [at, variant] of variants.entries()) {
        const answer = await answered(world, () => send(url(at), variant));
        if (answer.status === 200) expect(answer.body).toBe(first.body);
        else expect([400, 402, 409]).toContain(answer.status);
      }
      expect([world.upstream.keys.length, await attempts()]).toEqual([calls, claims]);
      paid.push(invoiceId);
    });

    it('copied from the chain is no key to what was bought: a stranger has no invoice id (A40)', async () => {
      const { world, url, pay, rpc, paid } = gates();
      const { header, invoiceId } = await pay(url(0));
      const bought = await send(url(0), header);
      const hash = bought.receipt?.transaction;
      const input = await eventually('it is in a block', async () => {
        const tx = (await rpc('eth_getTransactionByHash', [hash])) as { blockHash: string | null; input: string };
        return tx.blockHash !== null && tx.input;
      });
      const { signature, authorization } = signedIn(header);
      expect(input).toContain(signature.slice(2, 130));
      expect(input).toContain(authorization.nonce.slice(2));
      expect(input).not.toContain(Buffer.from(invoiceId).toString('hex'));
      // All that stands there fits into a payment of either version, under an offer of the thief's own or under none.
      const [v1, v2] = [await pay(url(1), { version: 1 }), await pay(url(1))];
      const calls = world.upstream.keys.length;
      for (const own of [v1.header, v2.header]) {
        const copied = tampered(own, (whole) => {
          whole.payload = { signature, authorization };
        });
        const nameless = tampered(copied, (whole) => {
          if (whole.accepted)
            for (const key of ['invoiceId', 'paymentId', 'expiresAt']) delete whole.accepted.extra[key];
        });
        for (const stolen of [copied, nameless]) {
          const answer = await sendFrom('127.0.0.77', url(1), stolen);
          expect(told(answer)).toEqual([409, 'payment_used_elsewhere']);
          expect(answer.body).not.toContain(bought.body);
        }
      }
      expect(world.upstream.keys.length).toBe(calls);
      expect((await send(url(1), header)).body).toBe(bought.body);
      paid.push(invoiceId);
    });

    it('is not paid for by its receipt, wherever that is put (A36)', async () => {
      const { world, url, pay, attempts, paid } = gates();
      const { header, invoiceId } = await pay(url(0));
      const bought = await send(url(0), header);
      const receipt = bought.header('payment-response') ?? '';
      expect(receipt).not.toBe('');
      const [calls, claims] = [world.upstream.keys.length, await attempts()];
      // The invoice id is another matter: it is the buyer's secret, and reads what was bought.
      const names = ['PAYMENT-RESPONSE', 'X-PAYMENT-RESPONSE', 'Tollbook-Invoice'];
      for (const name of names) {
        expect((await send(url(1), { [name]: name.includes('PAYMENT') ? receipt : invoiceId })).status).toBe(402);
      }
      for (const name of ['PAYMENT-SIGNATURE', 'X-PAYMENT']) {
        expect(told(await send(url(1), { [name]: receipt }))).toEqual([400, 'version_unsupported']);
      }
      expect([world.upstream.keys.length, await attempts()]).toEqual([calls, claims]);
      paid.push(invoiceId);
    });
  });

  describe('a payment that was changed', () => {
    it('is measured by our terms, field by field, and claims nothing (A12)', async () => {
      const { world, url, pay, attempts } = gates();
      const key = world.sandbox.info.buyer.evmPrivateKey;
      const stranger = newBuyer().address;
      const { header } = await pay(url(0));
      const before = await attempts();
      const accepted: [string, Partial<TamperedPayload['accepted']>][] = [
        ['not_offered', { scheme: 'upto' }],
        ['network_mismatch', { network: 'eip155:8453' }],
        ['asset_mismatch', { asset: stranger }],
        ['recipient_mismatch', { payTo: stranger }],
        ['amount_mismatch', { amount: '1' }],
        ['not_offered', { maxTimeoutSeconds: 1 } as object],
      ];
      for (const [at, [code, change]] of accepted.entries()) {
        const changed = tampered(header, (whole) => void Object.assign(whole.accepted, change));
        expect([JSON.stringify(change), ...told(await send(url(at), changed))]).toEqual([
          JSON.stringify(change),
          402,
          code,
        ]);
      }
      const signed: [string, object][] = [
        ['recipient_mismatch', { to: stranger }],
        ['amount_mismatch', { value: '9999' }],
        ['amount_mismatch', { value: '10001' }],
        ['signature_invalid', { from: stranger }],
      ];
      for (const [at, [code, change]] of signed.entries()) {
        expect(told(await send(url(at), await signedAnew(header, key, change)))).toEqual([402, code]);
      }
      // Unsigned changes of what is signed.
      const nonce = `0x${'ab'.repeat(32)}`;
      const moved = tampered(header, ({ payload }) => void Object.assign(payload.authorization, { nonce }));
      expect(told(await send(url(1), moved))).toEqual([402, 'signature_invalid']);
      for (const key of ['invoiceId', 'paymentId', 'name', 'version']) {
        const other = tampered(header, (whole) => void Object.assign(whole.accepted.extra, { [key]: 'other' }));
        expect((await send(url(1), other)).status).toBe(402);
      }
      expect(await attempts()).toBe(before);
    });

    it('is worth nothing in another token: other decimals, name, version, chain or contract (A13)', async () => {
      const { world, url, pay, attempts } = gates();
      const key = world.sandbox.info.buyer.evmPrivateKey;
      const { header } = await pay(url(0));
      const before = await attempts();
      const domains = [
        { name: 'USD Coin' },
        { version: '1' },
        { chainId: 8453 },
        { verifyingContract: newBuyer().address },
      ];
      for (const [at, domain] of domains.entries()) {
        const answer = await send(url(at), await signedAnew(header, key, {}, domain as object));
        expect(told(answer)).toEqual([402, 'signature_invalid']);
      }
      const tenToThe16 = await signedAnew(header, key, { value: (10n ** 16n).toString() });
      expect(told(await send(url(0), tenToThe16))).toEqual([402, 'amount_mismatch']);
      expect(await attempts()).toBe(before);
    });

    it('pays the price that was offered, and never less than the offer it names (A17)', async () => {
      const { world, client, url, pay, sell } = gates();
      const endpoint = await sell('/dearer');
      const key = world.sandbox.info.buyer.evmPrivateKey;
      const [early, late, old] = [
        await pay(url(0, '/dearer')),
        await pay(url(0, '/dearer')),
        await pay(url(1, '/dearer'), { version: 1 }),
      ];
      expect(
        (await client.post(`/v1/endpoints/${endpoint.id}/prices`, { amount: '0.03', reason: 'cost' })).status,
      ).toBe(201);
      for (const at of [0, 1]) {
        const isDearer = async () => (await send(url(at, '/dearer'))).header('x402-amount') === '0.03';
        await eventually(`gate ${at} asks the new price`, isDearer);
      }
      const fresh = await pay(url(1, '/dearer'));
      const cheap = await signedAnew(fresh.header, key, { value: '10000' });
      expect(told(await send(url(0, '/dearer'), cheap))).toEqual([402, 'amount_mismatch']);
      const mixed = tampered(late.header, (whole) => void Object.assign(whole.accepted, { amount: '5000' }));
      expect(told(await send(url(1, '/dearer'), mixed))).toEqual([402, 'amount_mismatch']);
      expect((await send(url(1, '/dearer'), early.header)).status).toBe(200);
      expect((await send(url(0, '/dearer'), old.header)).status).toBe(200);
      const short = await signedAnew(old.header, key, { value: '9999', nonce: `0x${'0d'.repeat(32)}` });
      expect((await send(url(0, '/dearer'), short)).status).toBe(402);
    });

    it('is refused outside of its time, measured with the time that a settlement needs (A18)', async () => {
      const { world, url, pay, attempts } = gates();
      const key = world.sandbox.info.buyer.evmPrivateKey;
      const { header } = await pay(url(0));
      const before = await attempts();
      const now = Math.floor(Date.now() / 1000);
      const windows = [
        { validBefore: now - 1 },
        { validBefore: now + 10 },
        { validBefore: now + 300 + 60 + 30 },
        { validBefore: now + 10 * 365 * 86_400 },
        { validAfter: now + 60 },
        { validAfter: now + 300, validBefore: now + 200 },
      ];
      for (const [at, window] of windows.entries()) {
        const change = Object.fromEntries(Object.entries(window).map(([name, time]) => [name, String(time)]));
        const answer = await send(url(at), await signedAnew(header, key, change));
        expect([JSON.stringify(window), ...told(answer)]).toEqual([
          JSON.stringify(window),
          402,
          'authorization_window',
        ]);
      }
      expect(await attempts()).toBe(before);
    });

    it('opens no invoice by a guessed or mended id (A37)', async () => {
      const { url, pay, attempts } = gates();
      const { header, invoiceId } = await pay(url(0));
      const before = await attempts();
      const guesses = Array.from({ length: 80 }, (_, at) => {
        const place = 4 + at;
        const other = invoiceId[place] === 'a' ? 'b' : 'a';
        return invoiceId.slice(0, place) + other + invoiceId.slice(place + 1);
      });
      const odd = [invoiceId.toUpperCase(), `${invoiceId} `, `${invoiceId}a`, invoiceId.slice(0, -1), 'inv_', ''];
      for (const [at, guess] of [...guesses, ...odd].entries()) {
        const guessed = tampered(header, (whole) => void Object.assign(whole.accepted.extra, { invoiceId: guess }));
        const answer = await send(url(at), guessed);
        expect([guess, answer.status]).toEqual([guess, 402]);
      }
      for (const guess of [...guesses.slice(0, 4), ...odd]) {
        const page = await send(`${url(0).split('/g/')[0]}/pay/${encodeURIComponent(guess)}/x402`);
        expect([404, 400, 405]).toContain(page.status);
      }
      expect(await attempts()).toBe(before);
    });
  });

  describe('a contract that pays', () => {
    it('and changes hands while the upstream works is asked again, and nothing is sold (A22)', async () => {
      const { world, url, rpc, sell, attempts } = gates();
      await sell('/by-contract');
      const owner = newBuyer();
      const chain = { rpc: (method: string, params: readonly unknown[] = []) => rpc(method, params) };
      const account = await placeDevAccount(chain, owner.address);
      const { header } = await gates().pay(url(0, '/by-contract'));
      await gates().fund(account);
      const signed = await signedAnew(header, owner.privateKey, { from: account });
      world.upstream.answerWith(async (_request, response) => {
        await changeDevAccountOwner(chain, account, newBuyer().address);
        response.end('sold');
      });
      const before = await attempts();
      const answer = await send(url(0, '/by-contract'), signed);
      world.upstream.answerAsBefore();
      expect(told(answer)).toEqual([402, 'signature_invalid']);
      expect(await attempts()).toBe(before + 1);
      const [row] = await world.rows<{ sent: string }>(
        `select count(*) as sent from attempts where sent_at is not null and payer = $1`,
        [account.toLowerCase()],
      );
      expect(row?.sent).toBe('0');
    });
  });
}

/** The other s that a curve allows for the same signer. */
function highS(signature: string): string {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const [r, s, v] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)];
  return `0x${r}${(n - s).toString(16).padStart(64, '0')}${v === '1b' ? '1c' : '1b'}`;
}
