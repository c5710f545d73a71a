import { problemSchema } from '@tollbook/contract';
import { requestOffer } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install } from './install.js';
import { eventually, type Process, startWorld, type World } from './world.js';

let world: World;
let api: Process;
let key: string;

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const json = { accept: 'application/json' };

const page = (invoiceId: string, headers: Record<string, string> = html) =>
  fetch(`${api.url}/pay/${invoiceId}`, { headers });

async function freshInvoice(): Promise<string> {
  const offer = await requestOffer({ url: `${api.url}/g/demo/weather`, method: 'GET' });
  return String(offer.headers['x402-invoice-id']);
}

beforeAll(async () => {
  world = await startWorld();
  ({ key } = await install(world));
  api = await world.startApi();
});

afterAll(async () => {
  await world?.stop();
});

describe('the pay page', () => {
  it('shows a person what is due, and keeps its address to itself', async () => {
    const answer = await page(await freshInvoice());
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("script-src 'self'; style-src 'self';"),
    });
    const text = await answer.text();
    expect(text).toContain('<h1>0.01 USDC</h1>');
    expect(text).toContain(world.sandbox.info.merchant.evmAddress);
    for (const [, path] of text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await fetch(`${api.url}${path}`)).status).toBe(200);
    }
  });

  it('is a page for whoever does not ask for JSON', async () => {
    const answer = await page(await freshInvoice(), { accept: '*/*' });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('tells a program the terms, and follows the payment to its end', async () => {
    const worker = await world.startWorker();
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader, invoiceId } = await world.sign(url);
    expect(await (await page(invoiceId, json)).json()).toMatchObject({
      invoiceId,
      status: 'open',
      accepts: [{ currency: 'USDC', amount: '0.01', amountAtomic: '10000' }],
      txHash: null,
    });
    expect((await fetch(url, { headers: { [headerName]: rawHeader } })).status).toBe(200);
    const paid = await eventually('the invoice is paid', async () => {
      const view = (await (await page(invoiceId, json)).json()) as { status: string; txHash: string | null };
      return ['confirmed', 'final'].includes(view.status) && view;
    });
    expect(paid).toMatchObject({ invoiceNumber: expect.stringMatching(/^INV-\d{4}-000001$/), retrySamePayload: false });
    const text = await (await page(invoiceId)).text();
    expect(text).toContain(paid.txHash);
    expect(text).not.toContain('class="qr"');
    await worker.kill();
  });

  it('shows an invoice that a merchant’s backend made, at its own price', async () => {
    const made = await fetch(`${api.url}/v1/payment-intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'pay-page' },
      body: JSON.stringify({ amount: '12.5', asset: 'USDC', description: 'Ten reports' }),
    });
    expect(made.status).toBe(201);
    const { paymentUrl } = (await made.json()) as { paymentUrl: string };
    const text = await (await page(paymentUrl.split('/pay/')[1] ?? '')).text();
    expect(text).toContain('<h1>12.5 USDC</h1>');
    expect(text).not.toContain('x402');
  });

  it('tells nothing about ids that are unknown or forged', async () => {
    const real = await freshInvoice();
    const forged = real.slice(0, -3) + (real.endsWith('aaa') ? 'bbb' : 'aaa');
    const bodies = new Set<string>();
    for (const id of [forged, 'inv_nothing', 'x', encodeURIComponent('<script>'), 'a'.repeat(90)]) {
      const answer = await page(id);
      expect(answer.status).toBe(404);
      bodies.add(await answer.text());
      const asJson = await page(id, json);
      expect(problemSchema.parse(await asJson.json())).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect(bodies.size).toBe(1);
  });

  it('writes nothing', async () => {
    await page(await freshInvoice());
    const [before] = await world.rows('select count(*)::int as intents from payment_intents');
    for (let count = 0; count < 5; count += 1) await page(await freshInvoice());
    expect(await world.rows('select count(*)::int as intents from payment_intents')).toEqual([before]);
  });
});
