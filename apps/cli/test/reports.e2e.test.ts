import {
  discrepancyListSchema,
  failuresReportSchema,
  overviewSchema,
  revenueReportSchema,
  transferListSchema,
} from '@tollbook/contract';
import { faucet } from '@tollbook/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('reports of a day on which something was paid', () => {
  let world: World;
  let api: Process;
  let key: string;
  const day = new Date().toISOString().slice(0, 10);

  const get = (path: string) => send(api.url + path, { authorization: `Bearer ${key}` });
  const json = async (path: string) => JSON.parse((await get(path)).body);

  beforeAll(async () => {
    world = await startWorld();
    ({ key } = await install(world));
    api = await world.startApi();
    await world.startWorker();
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader } = await world.sign(url);
    expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
    await eventually('the payment is confirmed', async () => {
      const rows = await world.rows(`select 1 from payment_intents where status in ('confirmed', 'final')`);
      return rows.length === 1;
    });
  });
  afterAll(() => world.stop());

  it('tells the overview in one answer', async () => {
    const overview = overviewSchema.parse(await json(`/v1/overview?from=${day}&to=${day}`));
    expect(overview.revenue.current).toMatchObject([{ asset: 'USDC', total: '0.01', payments: 1 }]);
    expect(overview.payers.current).toBe(1);
    expect(overview.bucket).toBe('hour');
    expect(overview.series).toMatchObject([
      { day, hour: expect.stringContaining(`${day}T`), key: 'eip155:84532', totalAtomic: '10000' },
    ]);
    expect(overview.funnel.map(({ step }) => step)).toEqual(['offered', 'signed', 'verified', 'settled', 'served']);
  });

  it('tells revenue and failures, of days and of moments', async () => {
    const revenue = revenueReportSchema.parse(await json(`/v1/reports/revenue?from=${day}&groupBy=endpoint,network`));
    expect(revenue.data).toMatchObject([
      { endpoint: 'GET /weather', network: 'eip155:84532', total: '0.01', day: null },
    ]);
    const from = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
    const exact = await json(`/v1/reports/revenue?from=${from}&zone=Europe/Berlin`);
    expect(exact.totals).toEqual(revenue.totals);
    expect(exact.period.zone).toBe('Europe/Berlin');
    expect(failuresReportSchema.parse(await json('/v1/reports/failures')).data).toEqual([]);
  });

  it('hands out files that a spreadsheet opens', async () => {
    const revenue = await get(`/v1/reports/revenue.csv?from=${day}&to=${day}&groupBy=day&groupBy=endpoint`);
    expect(revenue.header('content-type')).toBe('text/csv; charset=utf-8');
    expect(revenue.header('content-disposition')).toBe(
      `attachment; filename="tollbook-demo-revenue-${day}-to-${day}.csv"`,
    );
    const [head, line, end] = revenue.body.split('\r\n');
    expect(head).toBe('day,endpoint_id,endpoint,asset,payments,final,confirmed,total,from,to,zone,mode');
    expect(line).toMatch(new RegExp(`^${day},ep_[a-z2-7]{26},GET /weather,USDC,1,[0-9.]+,[0-9.]+,0.01,.*,UTC,test$`));
    expect(end).toBe('');
    // Tokyo is a day ahead for nine hours of each UTC day, so its own today is asked for.
    const tokyo = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' });
    const payments = await get(`/v1/reports/payments.csv?from=${tokyo}&to=${tokyo}&zone=Asia/Tokyo`);
    expect(payments.body).toContain('INV-');
    expect(payments.body).toMatch(/\+09:00,.*,Asia\/Tokyo,GET \/weather,/);
    const [shown] = (await json('/v1/payments')).data;
    expect(payments.body).toContain(shown.txHash);
    expect((await get('/v1/reports/failures.csv')).body).toMatch(/^reason,fixer,count,.*\r\n$/);
  });

  it('finds the payment by each of its names, and its transfer', async () => {
    const [payment] = (await json('/v1/payments')).data;
    for (const q of [payment.id, payment.invoiceId, payment.invoiceNumber, payment.txHash, payment.payer]) {
      expect((await json(`/v1/payments?q=${q}`)).data, q).toMatchObject([{ id: payment.id }]);
    }
    expect((await json('/v1/payments?q=nothing&status=final&status=confirmed')).data).toEqual([]);
    const filters = `network=eip155:84532&endpoint=${payment.endpointId}&payer=${payment.payer}&from=${day}&to=${day}`;
    expect((await json(`/v1/payments?${filters}`)).data).toHaveLength(1);
    expect((await json('/v1/payments?flag=short')).data).toEqual([]);
    const { data } = transferListSchema.parse(await json('/v1/transfers?status=matched&network=eip155:84532'));
    expect(data).toMatchObject([{ direction: 'in', allocations: [{ paymentId: payment.id, bucket: 'payment' }] }]);
    expect((await json('/v1/transfers?status=unmatched')).data).toEqual([]);
  });

  it.each([
    ['/v1/payments?payer=me', 'payer'],
    ['/v1/payments?network=eip155:5', 'network'],
    ['/v1/payments?status=paid', 'status'],
    ['/v1/payments?endpoint=weather', 'endpoint'],
    ['/v1/payments?after=pi_x', 'after'],
    ['/v1/transfers?status=lost', 'status'],
    ['/v1/transfers?after=x', 'after'],
    ['/v1/overview?from=2026-11-20T00:00:00', 'from'],
    ['/v1/overview?zone=Asia/Tokyo', 'zone'],
    ['/v1/overview?by=payer', 'by'],
    ['/v1/overview?cmp=week', 'cmp'],
    ['/v1/overview?range=30d', 'range'],
    ['/v1/reports/revenue?to=tomorrow', 'to'],
    ['/v1/reports/revenue?from=2026-11-20&to=2026-11-19', 'to'],
    ['/v1/reports/revenue.csv?groupBy=payer', 'groupBy'],
    ['/v1/reports/revenue.csv?from=2019-01-01&to=2026-11-19', 'from'],
    ['/v1/reports/failures?endpoint=weather', 'endpoint'],
    ['/v1/reports/payments.csv?zone=Mars/Olympus', 'zone'],
  ])('refuses %s and names what is wrong', async (path, parameter) => {
    const answer = await get(path);
    expect([answer.status, JSON.parse(answer.body).parameter]).toEqual([400, parameter]);
    expect(answer.header('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['/v1/discrepancies/dis_x/link', { paymentId: `pi_${'a'.repeat(26)}`, reason: 'why' }, 404, undefined],
    [`/v1/discrepancies/dis_${'a'.repeat(26)}/link`, { paymentId: 'pi_x', reason: 'why' }, 400, 'paymentId'],
    [`/v1/discrepancies/dis_${'a'.repeat(26)}/link`, { paymentId: `pi_${'a'.repeat(26)}` }, 400, 'reason'],
    [`/v1/discrepancies/dis_${'a'.repeat(26)}/close`, { resolution: 'kept', note: ' ' }, 400, 'note'],
    [`/v1/discrepancies/dis_${'a'.repeat(26)}/close`, { resolution: 'kept', note: 'why' }, 404, undefined],
  ])('refuses %s of %j', async (path, body, status, parameter) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': path };
    const answer = await send(api.url + path, headers, { method: 'POST', body: JSON.stringify(body) });
    expect([answer.status, JSON.parse(answer.body).parameter]).toEqual([status, parameter]);
  });

  it('closes money that fits no payment, for a reason', async () => {
    const { info } = world.sandbox;
    const wish = { network: 'eip155:84532', address: info.merchant.evmAddress, amountAtomic: 1_234_567n };
    expect(await faucet(info, wish)).toMatchObject({ kind: 'granted' });
    const open = await eventually('the money is told as unmatched', async () => {
      const { data } = discrepancyListSchema.parse(await json('/v1/discrepancies?status=open'));
      return data[0];
    });
    expect(open).toMatchObject({ kind: 'unmatched', asset: 'USDC', amount: '1.234567' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'close' };
    const body = JSON.stringify({ resolution: 'kept', note: 'A gift' });
    const answer = await send(`${api.url}/v1/discrepancies/${open.id}/close`, headers, { method: 'POST', body });
    const closed = { id: open.id, status: 'closed', resolution: 'kept', note: 'A gift' };
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, closed]);
    expect((await json('/v1/discrepancies?status=open')).data).toEqual([]);
  });

  it('shows nothing without a key', async () => {
    expect((await send(`${api.url}/v1/reports/revenue.csv`)).status).toBe(401);
  });
});
