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

  it.each([1, 2, 3])(
    'are what their rows add up to at every step of a random history (%i), and made anew the same',
    {
      timeout: 120_000,
    },
    async (seed) => {
      const world = await open();
      const chance = seeded(seed);
      const gift = (name: string) =>
        world.chain.submit(txOf(name, transferAction(addressOf('ann'), tillAddress, 700n)));
      const steps: readonly ((index: number) => Promise<unknown>)[] = [
        () => world.buy({ payer: `payer ${Math.floor(chance() * 3)}` }),
        () => refusedPurchase(world),
        async (index) => gift(`gift ${seed} ${index}`),
        async (index) => {
          const sent = transferAction(tillAddress, addressOf('ann'), 1n);
          world.chain.submit(txOf(`sweep ${seed} ${index}`, sent));
        },
        () => world.mine(1 + Math.floor(chance() * 4)),
        () => world.mine(3),
        async () => {
          const dropped = world.chain.reorg(1 + Math.floor(chance() * 3));
          world.chain.submit(...dropped.filter(() => chance() < 0.7));
          await world.mine(4);
        },
        () => world.db.sweep.foldRollups(1 + Math.floor(chance() * 3)),
        () => world.db.books.rebuildRollups(),
        () => world.finalize(),
      ];
      await world.buy();
      await world.mine(3);
      for (let index = 0; index < 20; index += 1) {
        await steps[Math.floor(chance() * steps.length)]?.(index);
        expect(await world.db.books.differingSums(10), `step ${index}`).toEqual([]);
      }
      const kept = await held(world);
      expect((await world.db.books.rebuildRollups()).differed).toEqual([]);
      expect(await held(world)).toEqual(kept);
    },
  );

  it('are made anew whatever happened to them, and told which had differed', async () => {
    const world = await open();
    await world.buy();
    await world.mine(3);
    await refusedPurchase(world);
    await refusedPurchase(world);
    await world.db.sweep.foldRollups(1);
    await world.finalize();
    const kept = await held(world);
    for (const table of tables.filter((each) => each !== 'rollup_deltas')) await world.db.rows(`delete from ${table}`);
    await world.db.rows(`insert into rollup_days select book_id, '2020-01-01', '00000000-0000-0000-0000-000000000000',
      network_id, asset_id, 'late', 1, 5 from wallet_assets join assets using (asset_id) limit 1`);
    const { differed, tables: made } = await world.db.books.rebuildRollups();
    expect(differed).toContainEqual(
      expect.objectContaining({ what: 'rollup_days_differ', id: expect.stringContaining('2020-01-01/') }),
    );
    expect(new Set(differed.map(({ what }) => what)).size).toBeGreaterThan(5);
    expect(made.map(({ table }) => table).sort()).toEqual(tables.filter((each) => each !== 'rollup_deltas').sort());
    expect(await held(world)).toEqual(kept);
  });

  it('are made anew while gates sell, the worker books and the relay folds', { timeout: 120_000 }, async () => {
    const world = await open();
    await world.buy();
    await world.mine(3);
    let isDone = false;
    const until = async (work: () => Promise<unknown>) => {
      while (!isDone) await work();
    };
    const others = [
      until(async () => {
        await world.buy();
        await refusedPurchase(world);
      }),
      until(() => world.mine(2)),
      until(() => world.db.sweep.foldRollups(2)),
    ];
    for (let round = 0; round < 8; round += 1) {
      expect((await world.db.books.rebuildRollups()).differed).toEqual([]);
    }
    isDone = true;
    await Promise.all(others);
    expect(await world.db.books.differingSums(10)).toEqual([]);
  });
});

/** Every sum that is not of nothing, as text. */
async function held(world: PaymentWorld): Promise<unknown> {
  const kept = tables.filter((table) => table !== 'rollup_deltas');
  const zero: Readonly<Record<string, string>> = {
    rollup_recency: 'payers = 0',
    rollup_accounts: 'debit_atomic = 0 and credit_atomic = 0',
  };
  return Promise.all(
    kept.map((table) =>
      world.db.rows(
        `select '${table}' as sums, t::text as line from ${table} t where not (${zero[table] ?? 'count = 0 and amount_atomic = 0'})
         order by line`,
      ),
    ),
  );
}

/** The same numbers from 0 to 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
