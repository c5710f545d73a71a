import { orderLinkByHand, resolveUnknown, systemContext } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { addWallet, tillAddress } from '../test/world-shop.js';
import { discrepancies, ledger, payments } from '../test/world-view.js';

const { open } = useWorlds();
const ann = addressOf('ann');
const safe = addressOf('safe');
const by = { ...systemContext, actor: { kind: 'user' as const, id: 'user_ann', name: 'Ann' } };

function send(world: PaymentWorld, from: string, to: string, amountAtomic: bigint, contract?: string): void {
  const action = { kind: 'transfer' as const, from, to, amountAtomic };
  world.chain.submit(txOf('rule', contract === undefined ? action : { ...action, contract }));
}

/** Money that somebody sent, given by hand to a payment that was not charged. */
async function given(world: PaymentWorld, amountAtomic: bigint): Promise<void> {
  world.upstream.next.push(() => answered(500));
  await world.take(world.purchase());
  send(world, addressOf('buyer'), tillAddress, amountAtomic);
  await world.finalize();
  const { bookId } = world.book;
  const found = await world.db.queries.listDiscrepancies(bookId, { isOpen: true, kind: 'unmatched' }, null, 2);
  const { intentId } = only(await payments(world)).intent;
  await orderLinkByHand(world.db.hand, bookId, only(found).discrepancyId, { intentId, reason: 'she wrote' }, by);
  await world.reconcile();
}

async function tolerate(world: PaymentWorld, amountAtomic: bigint): Promise<void> {
  const [asset] = world.parts.catalog.assets;
  const tolerance = { assetId: asset?.assetId ?? 0, amountAtomic, reason: 'not worth a look' };
  await world.db.tolerances.set(world.book.bookId, tolerance, 'USDC', by);
}

type Rule = {
  readonly name: string;
  readonly happens: (world: PaymentWorld) => Promise<void>;
  /** What the books hold of it, without what was reversed again and the payment itself. */
  readonly ledger: readonly string[];
  readonly discrepancies: readonly string[];
  readonly events: readonly string[];
  readonly status?: string;
};

const linkedFirst = ['unmatched_confirmed wallet unmatched'];

/** Every way in which money does not fit, each with where it stands, what is asked about it, and what is told. */
const rules: readonly Rule[] = [
  {
    name: 'late: the chain had proved that it could not come',
    happens: async (world) => {
      world.parts.settlement.otherwise = { says: 'uncertain', isBroadcast: false };
      const purchase = world.purchase();
      await world.take(purchase);
      world.chain.skipSeconds(600);
      await world.finalize();
      await resolveUnknown(world.worker, await world.sweepLease());
      world.chain.submit(txOf('late', forcedAction(purchase.presented.authorization)));
      await world.finalize();
    },
    ledger: ['late_confirmed wallet overpayment 10000'],
    discrepancies: ['late'],
    events: ['payment_intent.late'],
    status: 'failed',
  },
  {
    name: 'short: less came than was due',
    happens: (world) => given(world, 4_000n),
    ledger: ['partial_confirmed wallet pending 4000', 'partial_final pending income 4000'],
    discrepancies: ['short', 'unmatched: linked'],
    events: ['payment_intent.short', 'transfer.unmatched'],
    status: 'open',
  },
  {
    name: 'over: more came than was asked',
    happens: (world) => given(world, 10_500n),
    ledger: [
      'payment_confirmed wallet pending 10000',
      'overpayment_confirmed wallet overpayment 500',
      'payment_final pending income 10000',
    ],
    discrepancies: ['over', 'unmatched: linked'],
    events: ['payment_intent.over', 'transfer.unmatched'],
    status: 'final',
  },
  {
    name: 'duplicate: it was paid before',
    happens: async (world) => {
      const purchase = await world.buy();
      await world.mine(3);
      world.chain.submit(txOf('again', forcedAction(purchase.presented.authorization)));
      await world.finalize();
    },
    ledger: [
      'payment_confirmed wallet pending 10000',
      'duplicate_confirmed wallet overpayment 10000',
      'payment_final pending income 10000',
    ],
    discrepancies: ['duplicate'],
    events: ['payment_intent.duplicate'],
    status: 'final',
  },
  {
    name: 'wrong asset: a token that the book does not take is not its money, whatever it calls itself',
    happens: async (world) => {
      send(world, ann, tillAddress, 700n, `0x${'bad0'.repeat(10)}`);
      await world.finalize();
    },
    ledger: [],
    discrepancies: [],
    events: [],
  },
  {
    name: 'zero-value: a log that moves nothing is kept as a fact, and posts nothing',
    happens: async (world) => {
      send(world, ann, tillAddress, 0n);
      await world.finalize();
      expect(await world.db.rows('select from transfers')).toHaveLength(1);
    },
    ledger: [],
    discrepancies: [],
    events: [],
  },
  {
    name: 'unmatched: it fits nothing',
    happens: async (world) => {
      await tolerate(world, 699n);
      send(world, ann, tillAddress, 700n);
      await world.finalize();
    },
    ledger: ['unmatched_confirmed wallet unmatched 700'],
    discrepancies: ['unmatched'],
    events: ['transfer.unmatched'],
  },
  {
    name: 'dust: it fits nothing, and nobody wants to be asked about so little',
    happens: async (world) => {
      await tolerate(world, 700n);
      send(world, ann, tillAddress, 700n);
      await world.finalize();
    },
    ledger: ['dust_confirmed wallet unmatched 700'],
    discrepancies: [],
    events: [],
  },
  {
    name: 'over by dust: booked to the last unit, and nobody is asked',
    happens: async (world) => {
      await tolerate(world, 50n);
      await given(world, 10_050n);
    },
    ledger: [
      'payment_confirmed wallet pending 10000',
      'overpayment_confirmed wallet overpayment 50',
      'payment_final pending income 10000',
    ],
    discrepancies: ['unmatched: linked'],
    events: ['transfer.unmatched'],
    status: 'final',
  },
  {
    name: 'short by dust: paid, and only what came is income',
    happens: async (world) => {
      await tolerate(world, 50n);
      await given(world, 9_950n);
    },
    ledger: ['payment_confirmed wallet pending 9950', 'payment_final pending income 9950'],
    discrepancies: ['unmatched: linked'],
    events: ['transfer.unmatched'],
    status: 'final',
  },
  {
    name: 'short by more than a hundredth of what was due is no dust, whatever the tolerance',
    happens: async (world) => {
      await tolerate(world, 5_000n);
      await given(world, 9_899n);
    },
    ledger: ['partial_confirmed wallet pending 9899', 'partial_final pending income 9899'],
    discrepancies: ['short', 'unmatched: linked'],
    events: ['payment_intent.short', 'transfer.unmatched'],
    status: 'open',
  },
  {
    name: 'self: money from an own wallet to another is no revenue',
    happens: async (world) => {
      await addWallet(world.db.setup, world.book.bookId, safe);
      send(world, ann, safe, 900n);
      await world.finalize();
      world.chain.submit(txOf('move', transferAction(safe, tillAddress, 900n)));
      await world.finalize();
    },
    ledger: ['unmatched_confirmed wallet unmatched 900', 'self_confirmed wallet wallet 900'],
    discrepancies: ['unmatched'],
    events: ['transfer.unmatched'],
  },
  {
    name: 'sweep: money that left for somebody unknown is in an account outside',
    happens: async (world) => {
      await world.buy();
      await world.finalize();
      world.chain.submit(txOf('sweep', transferAction(tillAddress, addressOf('bank'), 600n)));
      await world.finalize();
    },
    ledger: [
      'payment_confirmed wallet pending 10000',
      'payment_final pending income 10000',
      'sweep_confirmed assets:external:unlabelled wallet 600',
    ],
    discrepancies: [],
    events: [],
    status: 'final',
  },
  {
    name: 'unmatched outflow: money that left for somebody who had paid is asked about',
    happens: async (world) => {
      await world.buy();
      await world.finalize();
      world.chain.submit(txOf('gift', transferAction(tillAddress, addressOf('buyer'), 600n)));
      await world.finalize();
    },
    ledger: [
      'payment_confirmed wallet pending 10000',
      'payment_final pending income 10000',
      'sweep_confirmed assets:external:unlabelled wallet 600',
    ],
    discrepancies: ['unmatched_outflow'],
    events: ['transfer.unmatched_outflow'],
    status: 'final',
  },
];

describe('money that does not fit', () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))(
    'is booked, asked about and told: %s',
    async (_name, rule) => {
      const world = await open();
      await rule.happens(world);
      const entries = (await ledger(world)).filter((line) => !line.includes('_reversed'));
      const isLinked = rule.discrepancies.includes('unmatched: linked');
      const kept = isLinked ? entries.filter((line) => !linkedFirst.some((each) => line.startsWith(each))) : entries;
      expect(kept).toEqual(rule.ledger);
      expect(await discrepancies(world)).toEqual(rule.discrepancies);
      const told = await world.db.rows<{ type: string }>(
        `select type from events where type ~ '(late|short|over|duplicate|unmatched|unmatched_outflow)$' order by type`,
      );
      expect(told.map(({ type }) => type)).toEqual(rule.events);
      expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(rule.status ? [rule.status] : []);
      await world.finalize();
      // Nothing counted is ever left in no bucket, and nothing stands in two.
      const [left] = await world.db.rows<{ left: string }>(
        `select count(*)::text as left from transfers t where t.orphaned_at is null and t.amount_atomic <> (
         select coalesce(sum(al.amount_atomic), 0) from allocations al
         where al.book_id = t.book_id and al.transfer_id = t.transfer_id and al.reversed_at is null)`,
      );
      expect(left?.left).toBe('0');
    },
  );
});
