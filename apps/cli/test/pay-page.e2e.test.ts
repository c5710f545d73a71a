import { problemSchema } from '@tollbook/contract';
import { invoiceIdBytes } from '@tollbook/domain';
import { requestOffer, sendTokens } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { answered, eventually, type Process, startWorld, type World } from './world.js';

let world: World;
let api: Process;
let key: string;

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const json = { accept: 'application/json' };

const page = (invoiceId: string, headers: Record<string, string> = html) =>
  fetch(`${api.url}/pay/${invoiceId}`, { headers });

const network = 'eip155:84532';

async function openFor(invoiceId: string, body: unknown = { network }) {
  const answer = await fetch(`${api.url}/pay/${invoiceId}/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function openedCount(invoiceId: string): Promise<number> {
  const bytes = invoiceIdBytes(invoiceId);
  const rows = await world.rows('select from payment_intents where invoice_id = $1', [Buffer.from(bytes ?? [])]);
  return rows.length;
}

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
    expect(text).toContain('data-open="eip155:84532"');
    expect(text).not.toContain(world.sandbox.info.merchant.evmAddress);
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

  it('opens for a wallet what a person asks it to, with an amount that names the invoice', async () => {
    const worker = await world.startWorker();
    const invoiceIds = [await freshInvoice(), await freshInvoice()];
    for (const invoiceId of invoiceIds) await openFor(invoiceId);
    const [, invoiceId = ''] = invoiceIds;
    const again = await openFor(invoiceId);
    expect(again).toMatchObject({
      status: 200,
      body: { invoiceId, status: 'open', transfer: { network, currency: 'USDC', amount: '0.009998' } },
    });
    const { transfer } = again.body as { transfer: { address: `0x${string}`; amountAtomic: string } };
    const text = await (await page(invoiceId)).text();
    expect(text).toContain('class="qr"');
    expect(text).toContain('0.009998 USDC');
    expect(text).toContain(transfer.address);
    const { info } = world.sandbox;
    const privateKey = info.buyer.evmPrivateKey;
    await sendTokens(info, { privateKey, to: transfer.address, amountAtomic: BigInt(transfer.amountAtomic) });
    const paid = await eventually('the transfer is booked', async () => {
      const view = (await (await page(invoiceId, json)).json()) as { status: string; txHash: string | null };
      return ['confirmed', 'final'].includes(view.status) && view;
    });
    expect(paid.txHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await (await page(invoiceId)).text()).toContain('data-fetch="/g/demo/weather"');
    const bought = await answered(world, () => send(`${api.url}/g/demo/weather`, { 'x402-invoice-id': invoiceId }));
    expect([bought.status, bought.header('tollbook-charged')]).toEqual([200, 'yes']);
    const other = (await (await page(invoiceIds[0] ?? '', json)).json()) as { status: string };
    expect(other.status).toBe('open');
    await worker.kill();
  });

  it('still takes a signature for an offer that was opened', async () => {
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader, invoiceId } = await world.sign(url);
    expect((await openFor(invoiceId)).status).toBe(200);
    expect((await fetch(url, { headers: { [headerName]: rawHeader } })).status).toBe(200);
  });

  it('refuses what cannot be opened, naming the field', async () => {
    const invoiceId = await freshInvoice();
    const codeOf = async (id: string, body: unknown) => {
      const answer = await openFor(id, body);
      return [answer.status, answer.body.code, answer.body.parameter];
    };
    expect(await codeOf(invoiceId, {})).toEqual([400, 'parameter_invalid', 'network']);
    expect(await codeOf(invoiceId, { network: 5 })).toEqual([400, 'parameter_invalid', 'network']);
    expect(await codeOf(invoiceId, { network: 'eip155:8453' })).toEqual([400, 'parameter_invalid', 'network']);
    expect(await codeOf(invoiceId, { network, amount: '1' })).toEqual([400, 'parameter_unknown', 'amount']);
    for (const id of ['inv_nothing', 'x', encodeURIComponent('<script>'), invoiceId.slice(0, -3)]) {
      expect((await codeOf(id, { network })).slice(0, 2)).toEqual([404, 'not_found']);
    }
    // A crawler that follows every link opens nothing.
    expect((await fetch(`${api.url}/pay/${invoiceId}/open`)).status).toBe(405);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await fetch(`${api.url}/pay/${invoiceId}/open`, {
      method: 'POST',
      headers: form,
      body: 'network=x',
    });
    expect(posted.status).toBe(415);
    expect(await openedCount(invoiceId)).toBe(0);
  });

  it('lets one address open so many, and then asks it to wait', async () => {
    const answers = new Set<number>();
    const invoiceId = await freshInvoice();
    for (let count = 0; count < 100 && !answers.has(429); count += 1) answers.add((await openFor(invoiceId)).status);
    expect([...answers].sort()).toEqual([200, 429]);
  });

  it('writes nothing', async () => {
    await page(await freshInvoice());
    const [before] = await world.rows('select count(*)::int as intents from payment_intents');
    for (let count = 0; count < 5; count += 1) await page(await freshInvoice());
    expect(await world.rows('select count(*)::int as intents from payment_intents')).toEqual([before]);
  });
});
