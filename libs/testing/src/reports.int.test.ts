import { dayAfter, localDay, periodBefore, type ReportPeriod, reportPeriod } from '@tollbook/domain';
import { readOverview, reportFailures, reportRevenue } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';

const { open } = useWorlds();

/** From the first day of the world's chain to tomorrow: its blocks have a time of their own. */
function wholePeriod(world: PaymentWorld): ReportPeriod {
  const from = localDay(world.chain.head.timeUnixSeconds, 'UTC');
  const days = [from, localDay(Date.now() / 1000, 'UTC')].sort();
  const result = reportPeriod({ from: dayAfter(days[0] ?? from, -1), to: dayAfter(days[1] ?? from, 1) }, 'UTC', 0);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.period;
}

const deps = (world: PaymentWorld) => ({ reports: world.db.reports, catalog: world.db.catalog });
const none = { day: false, endpoint: false, network: false };

async function busyWorld(): Promise<PaymentWorld> {
  const world = await open();
  await world.buy();
  await world.buy({ payer: 'bert' });
  await world.finalize();
  await world.buy({ payer: 'bert' });
  world.chain.submit(txOf('gift', transferAction(addressOf('ann'), tillAddress, 700n)));
  await world.mine(3);
  world.parts.verifier.verdicts.push({ kind: 'refused', reason: 'insufficient_funds', rawReason: 'too poor' });
  await world.take(world.purchase());
  world.upstream.next.push(() => answered(500, 'broken'));
  await world.take(world.purchase());
  return world;
}

describe('the revenue of a period', () => {
  it('tells final from confirmed, by every grouping, and leaves out what paid nothing', async () => {
    const world = await busyWorld();
    const period = wholePeriod(world);
    const { totals } = await reportRevenue(deps(world), world.book.bookId, period, none);
    const sums = { payments: 3, total: '0.03', final: '0.02', confirmed: '0.01', confirmedAtomic: '10000' };
    expect(totals).toMatchObject([{ asset: 'USDC', ...sums }]);
    const by = { day: true, endpoint: true, network: true };
    const { data } = await reportRevenue(deps(world), world.book.bookId, period, by);
    expect(data).toMatchObject([{ endpoint: 'GET /weather', network: world.chain.network, ...sums }]);
    expect(data[0]?.endpointId).toMatch(/^ep_/);
  });

  it('is the same read entry by entry, to the moment, as from the sums', async () => {
    const world = await busyWorld();
    const period = wholePeriod(world);
    const { bookId } = world.book;
    for (const by of [none, { day: true, endpoint: true, network: true }]) {
      const fromSums = await reportRevenue(deps(world), bookId, period, by);
      const fromEntries = await reportRevenue(deps(world), bookId, { ...period, isWholeDays: false }, by);
      expect(fromEntries).toEqual(fromSums);
    }
    const empty = { ...period, isWholeDays: false, toMs: period.fromMs + 1 };
    expect(await reportRevenue(deps(world), bookId, empty, none)).toEqual({ data: [], totals: [] });
  });

  it('does not show another book', async () => {
    const world = await busyWorld();
    const { data } = await reportRevenue(deps(world), world.book.bookId + 1, wholePeriod(world), none);
    expect(data).toEqual([]);
  });
});

describe('the failures of a period', () => {
  it('join attempts and what the gate refused, with who can fix them', async () => {
    const world = await busyWorld();
    const { bookId } = world.book;
    const { endpointId } = world.endpoint;
    const row = { endpointId, kind: 'refused' as const, client: 'curl', x402Version: 2 as const };
    await world.db.offerCounts.save(bookId, Date.now(), [{ ...row, reason: 'insufficient_funds', count: 4 }], []);
    const period = wholePeriod(world);
    const lines = await reportFailures(deps(world), bookId, period, periodBefore(period), endpointId);
    expect(lines).toMatchObject([
      { reason: 'insufficient_funds', fixer: 'buyer', count: 5, failed: 1, refused: 4, previousCount: 0 },
      { reason: 'upstream_failed', fixer: 'you', count: 1, failed: 1, refused: 0, amounts: [{ amount: '0.01' }] },
    ]);
    const other = '01900000-0000-7000-8000-000000000000';
    expect(await reportFailures(deps(world), bookId, period, periodBefore(period), other)).toEqual([]);
  });
});

describe('the overview', () => {
  it('tells money, success, payers, failures, the funnel and what waits', async () => {
    const world = await busyWorld();
    const { bookId } = world.book;
    const { endpointId } = world.endpoint;
    const offered = { endpointId, kind: 'offered' as const, reason: '', client: 'curl', x402Version: 0 as const };
    await world.db.offerCounts.save(bookId, Date.now(), [{ ...offered, count: 40 }], []);
    const period = wholePeriod(world);
    const overview = await readOverview(deps(world), bookId, period, periodBefore(period), 'endpoint');
    expect(overview).toMatchObject({
      revenue: { current: [{ total: '0.03', final: '0.02', payments: 3 }], previous: [] },
      paidRequests: { current: 3, previous: 0 },
      success: { current: { paid: 3, failed: 2, rate: 0.6 }, previous: { rate: null } },
      payers: { current: 2, previous: 0 },
      series: [{ label: 'GET /weather', total: '0.03' }],
      attention: {
        unknown: { count: 0, amounts: [] },
        unmatched: { count: 1, amounts: [{ asset: 'USDC', amount: '0.0007', amountAtomic: '700' }] },
        paidNotServed: { count: 0 },
      },
    });
    expect(overview.funnel).toEqual([
      { step: 'offered', count: 40, topReason: null },
      { step: 'signed', count: 5, topReason: null },
      { step: 'verified', count: 4, topReason: 'insufficient_funds' },
      { step: 'settled', count: 3, topReason: 'upstream_failed' },
      { step: 'served', count: 3, topReason: null },
    ]);
  });

  it('counts an unknown outcome as waiting, and nowhere as failed', async () => {
    const world = await open();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: false });
    await world.take(world.purchase());
    const period = wholePeriod(world);
    const overview = await readOverview(deps(world), world.book.bookId, period, periodBefore(period), 'network');
    expect(overview.attention.unknown).toEqual({
      count: 1,
      amounts: [{ asset: 'USDC', amount: '0.01', amountAtomic: '10000' }],
    });
    expect(overview.success.current).toEqual({ paid: 0, failed: 0, rate: null });
    expect(overview.funnel.map(({ count }) => count)).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('the lines of payments', () => {
  it('come oldest first, page by page, with what paid each', async () => {
    const world = await busyWorld();
    const { bookId } = world.book;
    const period = wholePeriod(world);
    const all = await world.db.reports.paymentLines(bookId, period, null, 100);
    expect(all.map(({ status, paidAtomic }) => `${status} ${paidAtomic}`).sort()).toEqual([
      'confirmed 10000',
      'failed 0',
      'final 10000',
      'final 10000',
      'open 0',
    ]);
    const ids = all.map(({ intentId }) => intentId);
    expect(ids).toEqual([...ids].sort());
    const paid = all.find(({ invoiceNo }) => invoiceNo === 1);
    expect(paid).toMatchObject({ status: 'final', amountAtomic: 10_000n, invoiceYear: expect.any(Number) });
    expect(paid?.localDay).toMatch(/^\d{4}-/);
    const [first, second] = all;
    const page = await world.db.reports.paymentLines(bookId, period, first?.intentId ?? null, 1);
    expect(page).toEqual([second]);
  });
});
