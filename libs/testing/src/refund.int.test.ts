import {
  cancelRefund,
  closeDiscrepancyByHand,
  nameRefundTx,
  type RefundDeps,
  type RefundResult,
  recordRefund,
  systemContext,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';
import { discrepancies, ledger, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const buyer = addressOf('buyer');
let madeIds = 0;

/** A payment of 10,000 that is final. */
async function worldWithPayment(count = 1) {
  const world = await open();
  for (let at = 0; at < count; at += 1) await world.buy();
  await world.finalize();
  return world;
}

function depsOf(world: PaymentWorld): RefundDeps {
  return { ...world.worker, refunds: world.db.refunds, parseAddress: (_network, text) => text };
}

function callerOf({ book }: PaymentWorld) {
  return { ...systemContext, actor: { kind: 'user' as const, id: 'user_ann', name: 'Ann' }, ...book };
}

type Asked = { readonly amount?: string; readonly intentId?: string; readonly txHash?: string; readonly to?: string };

function newId(): string {
  madeIds += 1;
  return `01930000-0000-7000-8000-${madeIds.toString().padStart(12, '0')}`;
}

async function record(world: PaymentWorld, asked: Asked = {}, refundId = newId()): Promise<RefundResult> {
  const intentId = asked.intentId ?? (await payments(world))[0]?.intent.intentId ?? '';
  const { amount = null, to = null, txHash = null } = asked;
  return recordRefund(depsOf(world), callerOf(world), { refundId, intentId, amount, to, txHash, reason: 'broken' });
}

async function recorded(world: PaymentWorld, asked: Asked = {}): Promise<string> {
  const result = await record(world, asked);
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
  return result.refund.refundId;
}

/** Money that leaves the till. */
function pay(world: PaymentWorld, name: string, amountAtomic: bigint, to = buyer): void {
  world.chain.submit(txOf(name, transferAction(tillAddress, to, amountAtomic)));
}

async function refunds(world: PaymentWorld): Promise<string[]> {
  const found = await world.db.refunds.list(world.book.bookId, { status: null, intentId: null }, null, 50);
  return found.map(({ status, amountAtomic }) => `${status} ${amountAtomic}`).reverse();
}

async function refundedOf(world: PaymentWorld): Promise<bigint[]> {
  return (await payments(world)).map(({ intent }) => intent.amountRefundedAtomic);
}

describe('a refund that was announced', () => {
  it('is carried out by the transfer of its amount to whoever paid, and told at each step', async () => {
    const world = await worldWithPayment();
    await recorded(world, { amount: '0.004' });
    expect(await refunds(world)).toEqual(['recorded 4000']);
    pay(world, 'refund', 4_000n);
    await world.mine(3);
    expect([await refunds(world), await refundedOf(world)]).toEqual([['confirmed 4000'], [4_000n]]);
    await world.finalize();
    expect(await refunds(world)).toEqual(['final 4000']);
    const detail = only(await payments(world));
    expect(detail.intent.status).toBe('final');
    expect(story(detail)).toEqual([
      'processing',
      'confirmed',
      'final',
      'refund.recorded',
      'refund.confirmed',
      'refund.final',
    ]);
    expect((await ledger(world)).at(-1)).toBe('refund_confirmed contra_income:refunds wallet 4000');
    expect(await discrepancies(world)).toEqual([]);
    const [allocation] = await world.db.rows(`select matched_by, leg from allocations where bucket = 'refund'`);
    expect(allocation).toEqual({ matched_by: 'amount', leg: 0 });
    const audit = await world.db.rows(`select actor_id, reason from audit_log where action = 'refund.recorded'`);
    expect(audit).toEqual([{ actor_id: 'user_ann', reason: 'broken' }]);
  });

  it('gives back what is owed before what was earned', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine(3);
    world.chain.submit(txOf('again', forcedAction(purchase.presented.authorization)));
    await world.finalize();
    await recorded(world, { amount: '0.013' });
    pay(world, 'refund', 13_000n);
    await world.mine(3);
    expect((await ledger(world)).slice(-2)).toEqual([
      'refund_confirmed overpayment wallet 10000',
      'refund_confirmed contra_income:refunds wallet 3000',
    ]);
    await recorded(world);
    pay(world, 'rest', 7_000n);
    await world.finalize();
    expect((await ledger(world)).at(-1)).toBe('refund_confirmed contra_income:refunds wallet 7000');
    expect([await refunds(world), await refundedOf(world)]).toEqual([['final 13000', 'final 7000'], [20_000n]]);
  });

  it('is the same when it is announced again under its id, and never more than what came', async () => {
    const world = await worldWithPayment();
    const id = newId();
    const first = await record(world, { amount: '0.006' }, id);
    expect(await record(world, { amount: '0.006' }, id)).toEqual(first);
    expect(await record(world, { amount: '0.005' })).toEqual({
      kind: 'refused',
      reason: 'refund_over_received',
      left: '0.004 USDC',
    });
    expect(await record(world, { amount: '0' })).toMatchObject({ reason: 'refund_zero' });
    expect(await record(world, { amount: '0.0000001' })).toMatchObject({ reason: 'amount_invalid' });
    expect(await record(world, { to: tillAddress })).toMatchObject({ reason: 'recipient_invalid' });
    expect(await record(world, { intentId: newId() })).toEqual({ kind: 'not_found' });
    const both = await Promise.all([record(world), record(world)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['ok', 'refused']);
    expect(await refunds(world)).toEqual(['recorded 6000', 'recorded 4000']);
  });

  it('waits until its payment is final: a reorg could take that', async () => {
    const world = await open();
    await world.buy();
    await world.mine(3);
    expect(await record(world)).toMatchObject({ reason: 'payment_not_final' });
    await world.finalize();
    expect(await record(world)).toMatchObject({ kind: 'ok' });
  });

  it('can be taken back before its transfer is seen, and not after', async () => {
    const world = await worldWithPayment();
    const refundId = await recorded(world);
    const canceled = { refundId, reason: 'changed our mind' };
    expect(await cancelRefund(depsOf(world), callerOf(world), canceled)).toMatchObject({ kind: 'ok' });
    expect(await cancelRefund(depsOf(world), callerOf(world), canceled)).toMatchObject({ kind: 'ok' });
    expect(story(only(await payments(world))).slice(-2)).toEqual(['refund.recorded', 'refund.canceled']);
    const other = await recorded(world);
    pay(world, 'refund', 10_000n);
    await world.mine(3);
    const late = await cancelRefund(depsOf(world), callerOf(world), { refundId: other, reason: 'too late' });
    expect(late).toEqual({ kind: 'refused', reason: 'refund_not_open' });
    expect(await refunds(world)).toEqual(['canceled 10000', 'confirmed 10000']);
  });

  it('waits again when the chain takes its transfer back, and is carried out once when it returns', async () => {
    const world = await worldWithPayment();
    await recorded(world);
    pay(world, 'refund', 10_000n);
    await world.mine(3);
    const dropped = world.chain.reorg(3);
    await world.mine(4);
    expect([await refunds(world), await refundedOf(world)]).toEqual([['recorded 10000'], [0n]]);
    expect((await ledger(world)).at(-1)).toBe('refund_confirmed_reversed wallet contra_income:refunds 10000');
    world.chain.submit(...dropped);
    await world.finalize();
    expect([await refunds(world), await refundedOf(world)]).toEqual([['final 10000'], [10_000n]]);
    expect(story(only(await payments(world))).slice(-4)).toEqual([
      'refund.confirmed',
      'refund.reorged',
      'refund.confirmed',
      'refund.final',
    ]);
  });
});

describe('money that leaves a wallet', () => {
  it('and went to somebody who had paid is asked about, unless a refund says why', async () => {
    const world = await worldWithPayment();
    pay(world, 'gift', 3_000n);
    pay(world, 'bank', 1_000n, addressOf('bank'));
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['unmatched_outflow']);
    expect((await ledger(world)).slice(-2)).toEqual([
      'sweep_confirmed assets:external:unlabelled wallet 3000',
      'sweep_confirmed assets:external:unlabelled wallet 1000',
    ]);
    const told = await world.db.rows('select type from events where intent_id is null');
    expect(told).toEqual([{ type: 'transfer.unmatched_outflow' }]);
    const { bookId } = world.book;
    const found = await world.db.queries.listDiscrepancies(bookId, { isOpen: true, kind: null }, null, 2);
    const closing = { resolution: 'own_funds', note: 'my own wallet' };
    const { discrepancyId } = only(found);
    expect(await closeDiscrepancyByHand(world.db.hand, bookId, discrepancyId, closing, callerOf(world))).toEqual({
      kind: 'closed',
    });
  });

  it('before a refund was announced is that refund only where its transaction is named', async () => {
    const world = await worldWithPayment();
    pay(world, 'refund', 10_000n);
    await world.finalize();
    const refundId = await recorded(world);
    await world.reconcile();
    expect(await refunds(world)).toEqual(['recorded 10000']);
    const named = { refundId, txHash: txOf('refund').txHash, reason: 'sent it from the phone' };
    expect(await nameRefundTx(depsOf(world), callerOf(world), named)).toMatchObject({ kind: 'ok' });
    await world.reconcile();
    expect([await refunds(world), await refundedOf(world)]).toEqual([['final 10000'], [10_000n]]);
    expect(await discrepancies(world)).toEqual(['unmatched_outflow: refunded']);
    expect((await ledger(world)).slice(-2)).toEqual([
      'refund_confirmed contra_income:refunds wallet 10000',
      'sweep_confirmed_reversed wallet assets:external:unlabelled 10000',
    ]);
    const again = await nameRefundTx(depsOf(world), callerOf(world), { ...named, txHash: txOf('other').txHash });
    expect(again).toEqual({ kind: 'refused', reason: 'refund_not_open' });
  });

  it('and fits the refunds of two payments is left to a person, who names the transaction', async () => {
    const world = await worldWithPayment(2);
    const [first, second] = await payments(world);
    const ids = [
      await recorded(world, { intentId: first?.intent.intentId ?? '' }),
      await recorded(world, { intentId: second?.intent.intentId ?? '' }),
    ];
    pay(world, 'refund', 10_000n);
    await world.mine(3);
    await world.reconcile();
    expect(await discrepancies(world)).toEqual(['unmatched_outflow']);
    expect(await refunds(world)).toEqual(['recorded 10000', 'recorded 10000']);
    const named = { refundId: ids[1] ?? '', txHash: txOf('refund').txHash, reason: 'the second one' };
    await nameRefundTx(depsOf(world), callerOf(world), named);
    await world.finalize();
    expect(await refunds(world)).toEqual(['recorded 10000', 'final 10000']);
    expect(await refundedOf(world)).toEqual([0n, 10_000n]);
    // With one left that it fits, the next of that amount is that one.
    pay(world, 'next', 10_000n);
    await world.finalize();
    expect(await refunds(world)).toEqual(['final 10000', 'final 10000']);
  });

  it('is one refund alone, also where two such transfers come in one block', async () => {
    const world = await worldWithPayment();
    await recorded(world);
    world.chain.submit(
      txOf('twice', transferAction(tillAddress, buyer, 10_000n), transferAction(tillAddress, buyer, 0n)),
    );
    await world.finalize();
    expect(await refunds(world)).toEqual(['final 10000']);
    expect(await discrepancies(world)).toEqual([]);
  });
});
