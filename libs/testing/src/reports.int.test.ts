import { comparedPeriod, dayAfter, localDay, periodBefore, type ReportPeriod, reportPeriod } from '@tollbook/domain';
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
    // Each that failed is among the payments of its reason: refused for good, or not served and still open.
    const all = { status: [], network: null, endpointId: null, payer: null };
    for (const { reason, failed } of lines) {
      expect(await world.db.queries.listPayments(bookId, { ...all, reason }, null, 10)).toHaveLength(failed);
    }
    expect(await world.db.queries.listPayments(bookId, { ...all, reason: 'reverted' }, null, 10)).toEqual([]);
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
    const refused = { ...offered, kind: 'refused' as const, reason: 'signature_invalid', count: 1 };
    await world.db.offerCounts.save(bookId, Date.now(), [{ ...offered, count: 40 }, refused], []);
    const period = wholePeriod(world);
    const overview = await readOverview(
      deps(world),
      bookId,
      period,
      comparedPeriod(period, 'prev', period.toMs),
      'endpoint',
    );
    expect(overview).toMatchObject({
      revenue: { current: [{ total: '0.03', final: '0.02', payments: 3 }], previous: [] },
      paidRequests: { current: 3, previous: 0 },
      success: { current: { paid: 3, failed: 3, rate: 0.5 }, previous: { rate: null } },
      payers: { current: 2, previous: 0 },
      bucket: 'day',
      series: [{ hour: null, label: 'GET /weather', total: '0.03' }],
      attention: {
        unknown: { count: 0, amounts: [] },
        unmatched: { count: 1, amounts: [{ asset: 'USDC', amount: '0.0007', amountAtomic: '700' }] },
        paidNotServed: { count: 0 },
      },
    });
    const { paid, failed } = overview.success.current;
    expect(paid + failed).toBe(overview.funnel[1]?.count);
    expect(overview.failures.reduce((sum, { count }) => sum + count, 0)).toBe(failed);
    expect(overview.funnel).toEqual([
      { step: 'offered', count: 40, topReason: null },
      { step: 'signed', count: 6, topReason: null },
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
    const overview = await readOverview(deps(world), world.book.bookId, period, null, 'network');
    expect(overview.attention.unknown).toEqual({
      count: 1,
      amounts: [{ asset: 'USDC', amount: '0.01', amountAtomic: '10000' }],
    });
    expect(overview.success.current).toEqual({ paid: 0, failed: 0, rate: null });
    expect(overview.funnel.map(({ count }) => count)).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('the overview of two days', () => {
  it.each([
    // From the sums, whose hours are those of UTC; and entry by entry, where a zone has others.
    ['UTC', /:00:00\.000Z$/],
    ['Asia/Kolkata', /:30:00\.000Z$/],
  ])('tells revenue by the hours of %s', async (zone, border) => {
    const world = await busyWorld();
    const lastDay = localDay(world.chain.head.timeUnixSeconds, zone);
    const result = reportPeriod({ from: dayAfter(lastDay, -1), to: lastDay }, zone, 0);
    if (result.kind === 'refused') throw new Error(result.reason);
    const { period } = result;
    for (const by of ['network', 'endpoint'] as const) {
      const { bucket, series } = await readOverview(deps(world), world.book.bookId, period, null, by);
      expect(bucket).toBe('hour');
      expect(series.reduce((sum, { totalAtomic }) => sum + BigInt(totalAtomic), 0n)).toBe(30_000n);
      expect(series.reduce((sum, { finalAtomic }) => sum + BigInt(finalAtomic), 0n)).toBe(20_000n);
      expect(series.reduce((sum, { payments }) => sum + payments, 0)).toBe(3);
      for (const { day, hour } of series) {
        expect(hour).toMatch(border);
        expect(day).toBe(localDay(Date.parse(hour ?? '') / 1000, zone));
      }
    }
  });
});

describe('what the overview is held against', () => {
  /** As many days as the busy ones, right after them. */
  function nextPeriod(busy: ReportPeriod): ReportPeriod {
    const days = Math.round((Date.parse(busy.lastDay) - Date.parse(busy.firstDay)) / 86_400_000) + 1;
    const result = reportPeriod({ from: dayAfter(busy.lastDay, 1), to: dayAfter(busy.lastDay, days) }, 'UTC', 0);
    if (result.kind === 'refused') throw new Error(result.reason);
    return result.period;
  }

  it('is all of the days before where the period is over, and nothing where nothing is asked for', async () => {
    const world = await busyWorld();
    const { bookId } = world.book;
    const next = nextPeriod(wholePeriod(world));
    const held = await readOverview(deps(world), bookId, next, comparedPeriod(next, 'prev', next.toMs), 'network');
    expect(held).toMatchObject({
      revenue: { current: [], previous: [{ total: '0.03', payments: 3 }] },
      paidRequests: { current: 0, previous: 3 },
      success: { previous: { paid: 3, failed: 2 } },
      payers: { current: 0, previous: 2 },
      previousSeries: [{ key: null, total: '0.03' }],
    });
    const alone = await readOverview(deps(world), bookId, next, comparedPeriod(next, 'none', next.toMs), 'network');
    expect([alone.revenue.previous, alone.payers.previous, alone.previousSeries]).toEqual([null, null, []]);
  });

  it('ends to the second where a running period has come to', async () => {
    const world = await busyWorld();
    const { bookId } = world.book;
    const busy = wholePeriod(world);
    const next = nextPeriod(busy);
    const headMs = world.chain.head.timeUnixSeconds * 1000;
    const seen = new Set<number>();
    for (const cutMs of [60, 12, 8, 6, 4, 2, 0, -1].map((seconds) => headMs - seconds * 1000)) {
      const compared = comparedPeriod(next, 'prev', next.fromMs + (cutMs - busy.fromMs));
      expect(compared?.elapsed.toMs).toBe(cutMs);
      const { revenue, payers } = await readOverview(deps(world), bookId, next, compared, 'network');
      const exact = { ...busy, toMs: cutMs, isWholeDays: false };
      const { totals } = await reportRevenue(deps(world), bookId, exact, none);
      expect(revenue.previous).toEqual(totals);
      const payments = totals[0]?.payments ?? 0;
      // The second and the third were bought by the same one.
      expect(payers.previous).toBe(Math.min(payments, 2));
      seen.add(payments);
    }
    expect([seen.has(0), seen.has(3)]).toEqual([true, true]);
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
