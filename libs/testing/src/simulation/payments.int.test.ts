import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../test/outcomes.js';
import type { PaymentWorld } from '../../test/payment-world.js';
import { events, Simulation } from '../../test/simulate.js';
import { useWorlds } from '../../test/use-worlds.js';
import { priceAtomic, tillAddress } from '../../test/world-shop.js';
import { ledger, payments } from '../../test/world-view.js';

const { open, close } = useWorlds();
const runs = 30;
const timeLimitMs = 10_000;

describe('whatever happens to payments, chain, gate and worker', () => {
  it.each(['after', 'before'] as const)(
    'ends with each payment once in the books, or not charged, settled %s the upstream',
    {
      timeout: 60_000,
    },
    async (settleMode) => {
      const endMs = performance.now() + timeLimitMs;
      const property = fc.asyncProperty(events, async (list) => {
        // A slow machine looks at fewer; an interrupted run would leave its world half way.
        if (performance.now() > endMs) return;
        const world = await open({ settleMode });
        const simulation = new Simulation(world);
        for (const event of list) await simulation.happen(event);
        await simulation.settle();
        await close(world);
        await expectEachOnce(world, simulation);
      });
      await fc.assert(property, { numRuns: runs });
    },
  );
});

async function expectEachOnce(world: PaymentWorld, simulation: Simulation): Promise<void> {
  const all = await payments(world);
  const paid = all.filter(({ intent }) => intent.status === 'final');
  expect(all.map(({ intent }) => intent.status).filter((status) => status !== 'final' && status !== 'open')).toEqual(
    [],
  );
  for (const { intent, ledgerEntries, attempts } of paid) {
    expect(intent.allocations.map(({ bucket, amountAtomic }) => [bucket, amountAtomic])).toEqual([
      ['payment', priceAtomic],
    ]);
    const net = new Map<string, number>();
    for (const { kind } of ledgerEntries) {
      const undone = kind.replace('_reversed', '');
      net.set(undone, (net.get(undone) ?? 0) + (undone === kind ? 1 : -1));
    }
    expect(Object.fromEntries(net)).toEqual({ payment_confirmed: 1, payment_final: 1 });
    expect(attempts.filter(({ status }) => status === 'final')).toHaveLength(1);
  }
  const numbers = paid.map(({ intent }) => intent.invoiceNo ?? 0).sort((a, b) => a - b);
  expect(numbers, 'invoice numbers').toEqual(numbers.map((_, index) => index + 1));

  const { contract } = world.chain;
  const reader = world.parts.readers.get(world.chain.network);
  const balance = await reader?.balanceAt(contract, tillAddress, world.chain.head.hash);
  expect(balance).toBe(BigInt(paid.length) * priceAtomic + simulation.giftsAtomic);
  expect((await ledger(world)).filter((line) => line.startsWith('payment_final'))).toHaveLength(paid.length);

  const sentBy = new Map(world.parts.settlement.sent.map(({ txHash, gasNonce }) => [gasNonce, txHash]));
  expect(new Set(world.parts.settlement.sent.map(({ txHash }) => txHash)).size).toBe(sentBy.size);
  const gate = await world.openGate();
  for (const purchase of simulation.purchases) expect(bodyOf(await world.take(purchase, gate))).toBe('sunny');
}
