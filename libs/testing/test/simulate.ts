import type { FailpointName, Purchase } from '@tollbook/usecases';
import fc from 'fast-check';
import { addressOf } from './address-of.js';
import { transferAction, txOf } from './chain-txs.js';
import { Crash } from './crash.js';
import type { PaymentWorld } from './payment-world.js';
import type { Gate } from './world-parts.js';
import { tillAddress } from './world-shop.js';

const gateFailpoints = [
  'claim_committed',
  'payment_verified',
  'upstream_answered',
  'submitting_open',
  'submitting_committed',
  'settlement_sent',
  'answer_sent',
  'served_open',
  'served_committed',
] as const satisfies readonly FailpointName[];

const workerFailpoints = [
  'scan_read',
  'scan_written',
  'scan_committed',
  'reconcile_allocated',
  'reconcile_numbered',
  'reconcile_posted',
  'reconcile_committed',
  'final_posted',
  'final_committed',
] as const satisfies readonly FailpointName[];

const send = fc.record({ says: fc.constantFrom('accepted', 'uncertain'), isBroadcast: fc.boolean() });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const gateDeath = seldom(fc.constantFrom(...gateFailpoints));
/** What the worker does about a change of the chain, and where it dies doing it. */
const read = fc.record({
  steps: fc.constantFrom('none', 'scan', 'reconcile', 'index', 'index', 'index'),
  dies: seldom(fc.constantFrom(...workerFailpoints)),
});
type Reading = typeof read extends fc.Arbitrary<infer R> ? R : never;

/** One thing that happens to a world. */
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pay'),
      payer: fc.nat(2),
      copies: fc.integer({ min: 1, max: 3 }),
      send,
      dies: gateDeath,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('retry'), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gift'), amount: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('mine'), blocks: fc.integer({ min: 1, max: 5 }), read }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reorg'),
      depth: fc.integer({ min: 1, max: 9 }),
      regrows: fc.integer({ min: 0, max: 11 }),
      keeps: fc.boolean(),
      read,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep'), later: fc.constantFrom(0, 12_000, 75_000) }) },
);
export type SimulatedEvent = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** Lists of events, in any order. */
export const events: fc.Arbitrary<readonly SimulatedEvent[]> = fc.array(event, {
  minLength: 8,
  maxLength: 24,
  size: 'max',
});

/** Lets events happen to a world, remembers what was bought, and brings everything to its end. */
export class Simulation {
  readonly purchases: Purchase[] = [];
  giftsAtomic = 0n;
  private gate: Gate;
  private gifts = 0;
  private finalNumber: bigint;

  constructor(private readonly world: PaymentWorld) {
    this.gate = world.gate;
    this.finalNumber = world.chain.final.number;
  }

  async happen(happening: SimulatedEvent): Promise<void> {
    const { world } = this;
    switch (happening.kind) {
      case 'pay': {
        const purchase = world.purchase({ payer: `buyer ${happening.payer}` });
        this.purchases.push(purchase);
        world.parts.settlement.scripts.push(happening.send);
        if (happening.dies) this.gate.crashes.plan(happening.dies);
        await this.show(purchase, happening.copies);
        world.parts.settlement.scripts.length = 0;
        return;
      }
      case 'retry': {
        const purchase = this.purchases[happening.which % Math.max(1, this.purchases.length)];
        if (purchase) await this.show(purchase, 1);
        return;
      }
      case 'gift': {
        const amountAtomic = BigInt(happening.amount);
        this.gifts += 1;
        this.giftsAtomic += amountAtomic;
        world.chain.submit(txOf(`gift ${this.gifts}`, transferAction(addressOf('giver'), tillAddress, amountAtomic)));
        return;
      }
      case 'mine':
        this.mine(happening.blocks);
        return this.read(happening.read);
      case 'reorg':
        this.reorg(happening.depth, happening.regrows, happening.keeps);
        return this.read(happening.read);
      case 'sweep':
        await world.age(happening.later);
        return this.work(() => world.sweep(), null);
    }
  }

  /** Nothing goes wrong any more: leases lapse, transactions are sent again, blocks come, until all is final. */
  async settle(): Promise<void> {
    const { world } = this;
    world.crashes.cancel();
    // First the chain grows beyond what was read before a reorg, so that everything orphaned is known.
    this.mine(12);
    await world.index();
    for (const _ of [1, 2]) {
      await world.age(75_000);
      await world.sweep();
      this.mine(4);
      await world.index();
    }
    await world.finalize();
  }

  private async read({ steps, dies }: Reading): Promise<void> {
    if (steps !== 'none') await this.work(() => this.world[steps](), dies);
  }

  private mine(blocks: number): void {
    this.world.chain.mine(blocks);
    const { number } = this.world.chain.final;
    if (number > this.finalNumber) this.finalNumber = number;
  }

  /** Never below what was final once: that is another story. */
  private reorg(depth: number, regrows: number, keeps: boolean): void {
    const { chain } = this.world;
    const room = Number(chain.head.number - this.finalNumber);
    const dropped = chain.reorg(Math.min(depth, room));
    // A gift that is lost is given again, so that the chain of the end is known.
    chain.submit(...dropped.filter(({ actions }) => keeps || actions.some(({ kind }) => kind === 'transfer')));
    this.mine(regrows);
  }

  private async show(purchase: Purchase, copies: number): Promise<void> {
    const gate = this.gate;
    // A buyer who hears nothing for a while gives up.
    const buyer = AbortSignal.timeout(150);
    const shown = Array.from({ length: copies }, () => this.world.take({ ...purchase, signal: buyer }, gate));
    for (const outcome of await Promise.allSettled(shown)) {
      if (outcome.status === 'fulfilled') continue;
      if (!(outcome.reason instanceof Crash)) throw outcome.reason;
      await this.world.killGate(gate);
      this.gate = await this.world.openGate();
    }
    gate.crashes.cancel();
  }

  private async work(step: () => Promise<unknown>, dies: FailpointName | null): Promise<void> {
    if (dies) this.world.crashes.plan(dies);
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await this.world.restartWorker();
    }
    this.world.crashes.cancel();
  }
}
