import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  addedPayersSchema,
  allowedPayerListSchema,
  clientsReportSchema,
  paymentDetailSchema,
  refusalListSchema,
} from '@tollbook/contract';
import { requestOffer, signPayment } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, tampered } from './buyer.js';
import { install } from './install.js';
import { eventually, masterKey, type Process, startWorld, type World } from './world.js';

const cli = new URL('../bin/tollbook.js', import.meta.url).pathname;
const stranger = '0x00000000000000000000000000000000000000ee';

describe('what is kept of payments that were not taken', () => {
  let world: World;
  let api: Process;
  let client: ReturnType<typeof apiClient>;
  const invoices = { mismatched: '', broke: '', open: '' };
  let brokePayer = '';
  let paidTx = '';

  beforeAll(async () => {
    world = await startWorld();
    const { key } = await install(world);
    const first = await world.startApi();
    const url = `${first.url}/g/demo/weather`;

    const { headerName, rawHeader, invoiceId } = await world.sign(url);
    invoices.mismatched = invoiceId;
    const changed = tampered({ [headerName]: rawHeader }, ({ payload }) => {
      payload.authorization.to = stranger;
      payload.authorization.value = '9999';
    });
    expect((await send(url, { ...changed, 'user-agent': 'undici' })).code).toBe('recipient_mismatch');
    expect((await send(url, { 'payment-signature': 'e30=', 'user-agent': 'curl/8.5' })).code).toBe(
      'version_unsupported',
    );

    const offer = await requestOffer({ url, method: 'GET' });
    const broke = await signPayment({ offer, privateKey: `0x${randomBytes(32).toString('hex')}`, version: 2 });
    invoices.broke = String(offer.headers['x402-invoice-id']);
    expect((await send(url, { [broke.headerName]: broke.rawHeader })).code).toBe('insufficient_funds');
    const open = await requestOffer({ url, method: 'GET' });
    invoices.open = String(open.headers['x402-invoice-id']);
    // What is counted is written when a process ends, and else each ten seconds.
    await first.kill('SIGTERM');
    api = await world.startApi();
    client = apiClient(api.url, key);
  });
  afterAll(() => world.stop());

  it('lists refusals with both sides, the key that signed, the client and what to do', async () => {
    const { data } = refusalListSchema.parse((await client.get('/v1/refusals')).body);
    expect(data.map(({ reason, clientFamily, x402Version }) => [reason, clientFamily, x402Version])).toEqual([
      ['version_unsupported', 'curl', 2],
      ['recipient_mismatch', 'node', 2],
    ]);
    const [unreadable, mismatched] = data;
    expect(unreadable).toMatchObject({ payer: null, comparison: [], detail: expect.stringContaining('x402Version') });
    const buyer = world.sandbox.info.buyer.evmAddress;
    expect(mismatched).toMatchObject({ payer: buyer, fixer: 'buyer', userAgent: 'undici' });
    const differing = mismatched?.comparison.filter(({ differs }) => differs);
    expect(differing?.map(({ field }) => field)).toEqual(['recipient', 'amount', 'signer']);
    expect(differing?.[0]).toMatchObject({ received: stranger });
    expect(differing?.[1]).toMatchObject({ expected: '0.01 USDC (10000)', received: '0.009999 USDC (9999)' });
    for (const filter of [
      `payer=${buyer}`,
      'reason=recipient_mismatch',
      'client=node',
      `payment=${mismatched?.paymentId}`,
    ]) {
      const found = refusalListSchema.parse((await client.get(`/v1/refusals?${filter}`)).body);
      expect(found.data, filter).toEqual([mismatched]);
    }
    const page = refusalListSchema.parse((await client.get('/v1/refusals?limit=1')).body);
    expect(page.nextCursor).toBe(unreadable?.id);
    const rest = refusalListSchema.parse((await client.get(`/v1/refusals?limit=1&after=${page.nextCursor}`)).body);
    expect(rest).toEqual({ data: [mismatched], nextCursor: null });
  });

  it.each([
    ['payer=me', 'payer'],
    ['reason=No!', 'reason'],
    ['reason=nope', 'reason'],
    ['client=<b>', 'client'],
    ['endpoint=weather', 'endpoint'],
    ['payment=inv_a', 'payment'],
    ['after=x', 'after'],
    ['from=yesterday', 'from'],
  ])('refuses /v1/refusals?%s and names what is wrong', async (query, parameter) => {
    const answer = await client.get(`/v1/refusals?${query}`);
    expect([answer.status, answer.body.parameter]).toEqual([400, parameter]);
  });

  it('shows an attempt that was refused with both sides, and the node’s own words', async () => {
    const [listed] = (await client.get('/v1/payments?reason=insufficient_funds')).body.data;
    const payment = paymentDetailSchema.parse((await client.get(`/v1/payments/${listed.id}`)).body);
    const [attempt] = payment.attempts;
    brokePayer = attempt?.payer ?? '';
    expect(attempt).toMatchObject({
      rawReason: 'balance 0',
      x402Version: 2,
      nextStep: expect.stringContaining('tops up'),
    });
    expect(attempt?.comparison.some(({ differs }) => differs)).toBe(false);
    expect(attempt?.comparison).toContainEqual({
      field: 'signer',
      expected: brokePayer.toLowerCase(),
      received: brokePayer.toLowerCase(),
      differs: false,
    });
  });

  it('tells which kinds of client never pay, and why', async () => {
    const { data } = clientsReportSchema.parse((await client.get('/v1/reports/clients')).body);
    expect(data).toMatchObject([
      { client: 'node', neverPays: true, offered: 3, refused: 1, failed: 1, paid: 0 },
      { client: 'curl', neverPays: false, offered: 0, refused: 1, topReason: 'version_unsupported' },
    ]);
    expect(data[0]?.versions).toMatchObject([{ x402Version: 2, refused: 1, failed: 1 }]);
    const answer = (await client.get('/v1/reports/clients.csv')).body;
    const [head, ...lines] = answer.split('\r\n');
    expect(head).toBe('client,x402_version,offered,refused,failed,unknown,paid,never_pays,from,to,zone');
    expect(lines.slice(0, 4)).toEqual([
      expect.stringMatching(/^node,any,3,,,,,yes,/),
      expect.stringMatching(/^node,2,,1,1,0,0,yes,/),
      expect.stringMatching(/^curl,any,0,,,,,no,/),
      expect.stringMatching(/^curl,2?,,1,0,0,0,no,/),
    ]);
    expect((await client.get('/v1/reports/clients?endpoint=weather')).body.parameter).toBe('endpoint');
  });

  it('sells to those on a list alone, within a second, and opens it only on purpose', async () => {
    const url = `${api.url}/g/demo/weather`;
    const buyer = world.sandbox.info.buyer.evmAddress;
    const pay = async () => {
      const { headerName, rawHeader } = await world.sign(url);
      return send(url, { [headerName]: rawHeader });
    };
    const [endpoint] = (await client.get('/v1/endpoints')).body.data.filter(
      ({ path }: { path: string }) => path === '/weather',
    );
    const added = await client.post('/v1/allowed-payers', {
      endpointId: endpoint.id,
      payers: [stranger.toUpperCase().replace('0X', '0x')],
    });
    expect(added.status).toBe(201);
    const [listed] = addedPayersSchema.parse(added.body).data;
    await eventually('the list holds', async () => (await pay()).code === 'payer_not_allowed');
    const refused = await pay();
    expect([refused.status, refused.header('payment-required')]).toEqual([403, null]);
    expect(allowedPayerListSchema.parse((await client.get('/v1/allowed-payers')).body).data).toEqual([listed]);

    const last = await client.remove(`/v1/allowed-payers/${listed?.id}`);
    expect([last.status, last.body.code]).toEqual([409, 'allow_list_last']);
    const both = await client.post('/v1/allowed-payers', { endpointId: endpoint.id, payers: [buyer], note: 'us' });
    expect(addedPayersSchema.parse(both.body).data).toMatchObject([{ payer: buyer, note: 'us' }]);
    await eventually('they may pay', async () => {
      const { status, receipt } = await pay();
      paidTx = receipt?.transaction ?? '';
      return status === 200;
    });
    expect((await client.remove(`/v1/allowed-payers/${listed?.id}`)).status).toBe(204);
    expect((await client.remove(`/v1/allowed-payers/${listed?.id}`)).status).toBe(404);
    const [own] = addedPayersSchema.parse(both.body).data;
    expect((await client.remove(`/v1/allowed-payers/${own?.id}?opens=true`)).status).toBe(204);
    const { data: log } = (await client.get('/v1/audit-log?action=allowed_payer')).body;
    expect(log).toHaveLength(4);
  });

  it.each([
    [{ payers: [] }, 'payers'],
    [{ payers: ['0x12'] }, 'payers.0'],
    [{ payers: [stranger], endpointId: 'weather' }, 'endpointId'],
    [{ payers: [stranger], list: 'block' }, 'list'],
  ])('puts nobody on a list by %j', async (body, parameter) => {
    const answer = await client.post('/v1/allowed-payers', body);
    expect([answer.status, answer.body.parameter]).toEqual([400, parameter]);
  });

  it('explains an invoice that is open, one that was refused and one that was tried', async () => {
    const open = await explain(world, invoices.open);
    expect(open.code).toBe(0);
    expect(open.output).toMatch(/Offer: open\n +endpoint +GET \/weather\n +price version +1\n/);
    expect(open.output).toContain('Next: Nobody has tried to pay it yet');
    const refused = await explain(world, invoices.mismatched);
    expect(refused.output).toMatch(new RegExp(`≠ recipient +0x[0-9a-fA-F]{40} +${stranger}`));
    expect(refused.output).toMatch(/≠ amount +0\.01 USDC \(10000\) +0\.009999 USDC \(9999\)/);
    const tried = await explain(world, invoices.broke, '--json');
    const [book] = JSON.parse(tried.output).books;
    expect(book).toMatchObject({
      book: 'demo',
      offer: { state: 'open', invoiceId: invoices.broke },
      payments: [{ failureReason: 'insufficient_funds', attempts: [{ rawReason: 'balance 0' }] }],
      nextStep: expect.stringContaining('tops up'),
    });
  });

  it('explains a transaction by the payment that it carries out', async () => {
    expect(paidTx).toMatch(/^0x[0-9a-f]{64}$/);
    const { books } = JSON.parse((await explain(world, paidTx, '--json')).output);
    const payer = world.sandbox.info.buyer.evmAddress;
    expect(books).toMatchObject([
      { offer: null, payments: [{ txHash: paidTx, attempts: [{ payer, txHash: paidTx }] }] },
    ]);
  });

  it('explains a wallet, and says so where nothing is known', async () => {
    const { books } = JSON.parse((await explain(world, brokePayer, '--json')).output);
    expect(books).toMatchObject([{ payments: [{ status: 'failed', payer: brokePayer }] }]);
    const buyer = await explain(world, world.sandbox.info.buyer.evmAddress);
    expect(buyer.output).toContain('Refused: recipient_mismatch');
    for (const about of [`0x${'77'.repeat(32)}`, stranger, `inv_${'a'.repeat(80)}`, 'nonsense']) {
      expect(await explain(world, about), about).toMatchObject({ code: 1, output: `No book knows of ${about}.\n` });
    }
  });
});

/** Runs `tollbook explain` beside the running product. */
function explain({ databaseUrl, dataDir }: World, ...args: readonly string[]) {
  const env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: databaseUrl,
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_MASTER_KEY: masterKey,
  };
  const child = spawn(process.execPath, [cli, 'explain', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
}
