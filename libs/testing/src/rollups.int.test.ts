import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import { expectSound } from '../test/expect-sound.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';

const { open } = useWorlds();
const tables = [
  'rollup_books',
  'rollup_days',
  'rollup_hours',
  'rollup_reasons',
  'rollup_payers',
  'rollup_recency',
  'rollup_accounts',
  'rollup_deltas',
];

/** Sums of the book over all days, as readers see them, each as `outcome count amount`. */
async function totals(world: PaymentWorld): Promise<string[]> {
  const rows = await world.db.rows<{ line: string }>(
    `select outcome || ' ' || sum(count) || ' ' || sum(amount_atomic) as line from day_totals
     group by outcome having sum(count) <> 0 or sum(amount_atomic) <> 0 order by outcome`,
  );
  return rows.map(({ line }) => line);
}

async function refusedPurchase(world: PaymentWorld): Promise<void> {
  world.parts.verifier.verdicts.push({ kind: 'refused', reason: 'insufficient_funds', rawReason: 'too poor' });
  await world.take(world.purchase());
}

describe('sums', () => {
  it('follow money from confirmed to final, and take back what a reorg drops', async () => {
    const world = await open();
    await world.buy();
    await world.buy({ payer: 'bert' });
    await world.mine(3);
    expect(await totals(world)).toEqual(['confirmed 2 20000']);
    const dropped = world.chain.reorg(3);
    world.chain.mine(4);
    await world.index();
    expect(await totals(world)).toEqual([]);
    world.chain.submit(...dropped);
    await world.mine(3);
    expect(await totals(world)).toEqual(['confirmed 2 20000']);
    await world.finalize();
    expect(await totals(world)).toEqual(['final 2 20000']);
    const payers = await world.db.rows(`select sum(count)::text as count from rollup_payers group by payer`);
    expect(payers).toEqual([{ count: '1' }, { count: '1' }]);
  });

  it('count money that pays nothing apart', async () => {
    const world = await open();
    world.chain.submit(txOf('gift', transferAction(addressOf('ann'), tillAddress, 700n)));
    await world.finalize();
    expect(await totals(world)).toEqual(['unmatched 1 700']);
  });

  it('count what failed at once, and the same when the relay has folded it in', async () => {
    const world = await open();
    await refusedPurchase(world);
    await refusedPurchase(world);
    expect(await totals(world)).toEqual(['failed 2 20000']);
    expect(await world.db.rows('select from rollup_deltas')).toHaveLength(2);
    await expectSound(world);
    expect(await world.db.sweep.foldRollups(1)).toBe(1);
    expect(await totals(world)).toEqual(['failed 2 20000']);
    expect(await world.db.sweep.foldRollups(500)).toBe(1);
    expect(await world.db.sweep.foldRollups(500)).toBe(0);
    expect(await totals(world)).toEqual(['failed 2 20000']);
    expect(await world.db.rows('select reason, count::text from rollup_reasons')).toEqual([
      { reason: 'insufficient_funds', count: '2' },
    ]);
  });

  it('that differ from what they sum are told as contradictions of the books', async () => {
    const world = await open();
    world.isSound = false;
    await world.buy();
    await refusedPurchase(world);
    await world.finalize();
    await world.db.sweep.foldRollups(500);
    expect(await world.db.books.contradictions(20)).toEqual([]);
    await world.db.rows(`update rollup_books set count = count + 1 where outcome = 'final'`);
    await world.db.rows('update rollup_days set amount_atomic = amount_atomic - 1');
    await world.db.rows('update rollup_hours set amount_atomic = amount_atomic - 1');
    await world.db.rows('update rollup_reasons set count = count + 1');
    await world.db.rows('delete from rollup_payers');
    await world.db.rows('update rollup_recency set payers = payers + 1');
    await world.db.rows('update rollup_accounts set debit_atomic = debit_atomic + 1');
    const told = new Set((await world.db.books.contradictions(100)).map(({ what }) => what));
    expect([...told].sort()).toEqual([
      'rollup_accounts_differ',
      'rollup_books_differ',
      'rollup_days_differ',
      'rollup_failures_differ',
      'rollup_hours_differ',
      'rollup_payers_differ',
      'rollup_reasons_differ',
      'rollup_recency_differ',
    ]);
  });

  it('are made by the migration for books that are older than they', async () => {
    const world = await open();
    await world.buy();
    await refusedPurchase(world);
    world.chain.submit(txOf('gift', transferAction(addressOf('ann'), tillAddress, 700n)));
    await world.mine(3);
    await world.buy();
    world.chain.reorg(2);
    await world.mine(4);
    await world.finalize();
    const before = await totals(world);
    // Sums by hour are not made: they would be forgotten within two weeks.
    const made = tables.filter((table) => table !== 'rollup_hours');
    await world.db.rows(made.map((table) => `delete from ${table}`).join('; '));
    expect(await totals(world)).toEqual([]);
    const folder = new URL('../../../migrations/', import.meta.url);
    const names = readdirSync(folder).filter((each) => /_keep_(rollups|payer_recency)\.sql$/.test(each));
    const backfill = names
      .sort()
      .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('--> statement-breakpoint'))
      .filter((text) => /^(--.*\n|\s)*insert into/.test(text));
    for (const statement of backfill) await world.db.rows(statement);
    expect(await totals(world)).toEqual(before);
    await expectSound(world);
  });
});
