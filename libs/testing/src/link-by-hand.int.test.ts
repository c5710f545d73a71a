import { searchKey } from '@tollbook/domain';
import {
  changeDiscrepancyByHand,
  closeDiscrepanciesByHand,
  closeDiscrepancyByHand,
  type DiscrepancyRecord,
  orderLinkByHand,
  type PaymentFilter,
  systemContext,
  takePayment,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';
import { discrepancies, ledger, paymentOf, story } from '../test/world-view.js';

const { open } = useWorlds();
const by = { ...systemContext, actor: { kind: 'user' as const, id: 'user_ann', name: 'Ann' } };

/** A payment that was not charged, and money of the same payer that no key names, final. */
async function worldWithGift(amountAtomic = 10_000n) {
  const world = await open();
  world.upstream.next.push(() => answered(500));
  const purchase = world.purchase();
  await world.take(purchase);
  world.chain.submit(txOf('gift', transferAction(addressOf('buyer'), tillAddress, amountAtomic)));
  await world.finalize();
  return { world, purchase, discrepancy: await onlyOpen(world) };
}

async function onlyOpen(world: PaymentWorld): Promise<DiscrepancyRecord> {
  return only(await world.db.queries.listDiscrepancies(world.book.bookId, { isOpen: true, kind: null }, null, 10));
}

async function link(world: PaymentWorld, discrepancyId: string, intentId: string) {
  const { bookId } = world.book;
  return orderLinkByHand(world.db.hand, bookId, discrepancyId, { intentId, reason: 'she wrote to us' }, by);
}

describe('money that a person gives to a payment', () => {
  it('pays it, with a number, entries, events and the name of who did it', async () => {
    const { world, purchase, discrepancy } = await worldWithGift();
    const { intent } = await paymentOf(world, purchase);
    expect(intent.status).toBe('open');
    const ordered = await link(world, discrepancy.discrepancyId, intent.intentId);
    expect(ordered).toMatchObject({ kind: 'ordered', order: { isDone: false } });
    expect(await link(world, discrepancy.discrepancyId, intent.intentId)).toEqual(ordered);
    const proved = await world.proof();
    await world.reconcile();
    // No money moved, so what was proved of a block stays as it was.
    expect(await world.proof()).toEqual(proved);
    const paid = await paymentOf(world, purchase);
    expect([paid.intent.status, paid.intent.invoiceNo, story(paid)]).toEqual(['final', 1, ['confirmed', 'final']]);
    expect(await ledger(world)).toEqual([
      'unmatched_confirmed wallet unmatched 10000',
      'payment_confirmed wallet pending 10000',
      'unmatched_confirmed_reversed unmatched wallet 10000',
      'payment_final pending income 10000',
    ]);
    expect(await discrepancies(world)).toEqual(['unmatched: linked']);
    const [allocation] = await world.db.rows('select matched_by, actor_id from allocations where reversed_at is null');
    expect(allocation).toEqual({ matched_by: 'hand', actor_id: 'user_ann' });
    const audit = await world.db.rows(
      `select action, actor_id, reason from audit_log where action like 'discrepancy.%'`,
    );
    expect(audit).toEqual([{ action: 'discrepancy.linked', actor_id: 'user_ann', reason: 'she wrote to us' }]);
  });

  it('comes short or over with the records of that, and is late to what has ended', async () => {
    const { world, purchase, discrepancy } = await worldWithGift(4_000n);
    const { intent } = await paymentOf(world, purchase);
    await link(world, discrepancy.discrepancyId, intent.intentId);
    await world.reconcile();
    expect((await paymentOf(world, purchase)).intent.status).toBe('open');
    expect(await discrepancies(world)).toEqual(['short', 'unmatched: linked']);
    world.chain.submit(txOf('more', transferAction(addressOf('buyer'), tillAddress, 7_000n)));
    await world.finalize();
    const rest = (
      await world.db.queries.listDiscrepancies(world.book.bookId, { isOpen: true, kind: 'unmatched' }, null, 9)
    )[0];
    await link(world, rest?.discrepancyId ?? '', intent.intentId);
    await world.reconcile();
    expect((await paymentOf(world, purchase)).intent.status).toBe('final');
    expect(await discrepancies(world)).toEqual(['over', 'short', 'unmatched: linked', 'unmatched: linked']);
  });

  it('is refused, and nothing changes, while a reorg could take it back or the payment is carried out', async () => {
    const world = await open();
    world.upstream.next.push(() => answered(500));
    const failed = world.purchase();
    await world.take(failed);
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: false });
    const unknown = world.purchase({ payer: 'bert' });
    await world.take(unknown);
    world.chain.submit(txOf('gift', transferAction(addressOf('buyer'), tillAddress, 10_000n)));
    await world.mine(3);
    const { discrepancyId } = await onlyOpen(world);
    const first = (await paymentOf(world, failed)).intent.intentId;
    const second = (await paymentOf(world, unknown)).intent.intentId;
    const refused = { kind: 'refused', reason: 'not_linkable' };
    expect(await link(world, discrepancyId, first)).toEqual({ ...refused, detail: 'transfer_not_final' });
    await world.finalize();
    expect(await link(world, discrepancyId, second)).toEqual({ ...refused, detail: 'payment_in_progress' });
    const nobody = '01900000-0000-7000-8000-000000000000';
    expect(await link(world, discrepancyId, nobody)).toEqual({ kind: 'refused', reason: 'payment_unknown' });
    expect(await link(world, nobody, first)).toEqual({ kind: 'refused', reason: 'not_found' });
    expect(await world.db.rows('select from hand_links')).toEqual([]);
    expect(await discrepancies(world)).toEqual(['unmatched']);
  });

  it('is refused by the worker where the payment moved on before it was carried out', async () => {
    const { world, purchase, discrepancy } = await worldWithGift();
    const { intentId } = (await paymentOf(world, purchase)).intent;
    await link(world, discrepancy.discrepancyId, intentId);
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: false });
    await world.take(purchase);
    await world.reconcile();
    const [order] = await world.db.rows('select refusal, done_at is not null as is_done from hand_links');
    expect(order).toEqual({ refusal: 'payment_in_progress', is_done: true });
    expect(await discrepancies(world)).toEqual(['unmatched']);
  });
});

describe('a discrepancy that a person closes', () => {
  const close = (world: PaymentWorld, discrepancyId: string, resolution: string) =>
    closeDiscrepancyByHand(world.db.hand, world.book.bookId, discrepancyId, { resolution, note: 'settled' }, by);

  it('is closed once, with a resolution that fits, and told in the audit log', async () => {
    const { world, discrepancy } = await worldWithGift();
    const { discrepancyId } = discrepancy;
    expect(await close(world, discrepancyId, 'served')).toEqual({ kind: 'refused', reason: 'resolution_unfit' });
    expect(await close(world, discrepancyId, 'kept')).toEqual({ kind: 'closed' });
    expect(await discrepancies(world)).toEqual(['unmatched: kept']);
    expect(await world.db.rows(`select action, reason from audit_log where action like 'discrepancy.%'`)).toEqual([
      { action: 'discrepancy.closed', reason: 'settled' },
    ]);
    expect(await ledger(world)).toHaveLength(1);
  });

  it('is closed again in the same words without a second row or event, and in no others', async () => {
    const { world, discrepancy } = await worldWithGift();
    const { discrepancyId } = discrepancy;
    for (let times = 0; times < 2; times += 1) {
      expect(await close(world, discrepancyId, 'kept')).toEqual({ kind: 'closed' });
    }
    expect(await close(world, discrepancyId, 'ignored')).toEqual({ kind: 'refused', reason: 'not_open' });
    expect(await caseEvents(world)).toEqual(['discrepancy.closed']);
    expect(await world.db.rows(`select from audit_log where action = 'discrepancy.closed'`)).toHaveLength(1);
  });

  it('is one of many that are closed together, of which one that cannot be keeps no other from it', async () => {
    const { world, discrepancy } = await worldWithGift();
    world.chain.submit(txOf('second', transferAction(addressOf('buyer'), tillAddress, 300n)));
    await world.finalize();
    const { bookId } = world.book;
    const listed = await world.db.queries.listDiscrepancies(bookId, { isOpen: true, kind: null }, null, 10);
    const ids = listed.map(({ discrepancyId }) => discrepancyId);
    const nobody = '01900000-0000-7000-8000-000000000000';
    await close(world, discrepancy.discrepancyId, 'ignored');
    const closing = { resolution: 'kept', note: 'gifts' };
    const outcomes = await closeDiscrepanciesByHand(world.db.hand, bookId, [nobody, ...ids], closing, by);
    expect(outcomes).toEqual([
      { kind: 'refused', reason: 'not_found' },
      ...ids.map((id) =>
        id === discrepancy.discrepancyId ? { kind: 'refused', reason: 'not_open' } : { kind: 'closed' },
      ),
    ]);
    expect(await discrepancies(world)).toEqual(['unmatched: ignored', 'unmatched: kept']);
    expect(await closeDiscrepanciesByHand(world.db.hand, bookId, [nobody, ...ids], closing, by)).toEqual(outcomes);
  });

  it('is not opened again by the sweep that found it', async () => {
    const world = await open();
    const outcome = await takePayment(world.gate.deps, world.purchase());
    if (outcome.kind !== 'served') throw new Error('not served');
    await outcome.afterAnswer(false);
    await world.finalize();
    await world.age(75_000);
    expect(await world.sweep()).toMatchObject({ notServed: 1 });
    const { discrepancyId } = await onlyOpen(world);
    expect(await close(world, discrepancyId, 'served')).toEqual({ kind: 'closed' });
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
  });

  it('stays with the chain where only the chain can tell', async () => {
    const world = await open();
    await world.buy();
    await world.mine(3);
    world.chain.reorg(3);
    await world.mine(4);
    const found = await world.db.queries.listDiscrepancies(
      world.book.bookId,
      { isOpen: true, kind: 'reorged' },
      null,
      10,
    );
    expect(await close(world, only(found).discrepancyId, 'ignored')).toEqual({
      kind: 'refused',
      reason: 'not_closable',
    });
  });
});

describe('a discrepancy that somebody works on', () => {
  const ann = { userId: 'user_ann', name: 'Ann' };

  /** With Ann, who belongs to the merchant, and Eve, who does not. */
  async function worldWithPeople() {
    const { world, discrepancy } = await worldWithGift();
    for (const name of ['Ann', 'Eve']) {
      const values = [`user_${name.toLowerCase()}`, name, `${name.toLowerCase()}@shop.example`];
      await world.db.rows(
        'insert into auth.users (id, name, email) values ($1, $2, $3) on conflict do nothing',
        values,
      );
    }
    await world.db.rows(
      `insert into auth.members (merchant_id, user_id, role) select merchant_id, 'user_ann', 'owner' from merchants`,
    );
    const { discrepancyId } = discrepancy;
    const change = (wanted: { readonly note?: string | null; readonly assigneeId?: string | null }) =>
      changeDiscrepancyByHand(world.db.hand, world.book.bookId, discrepancyId, wanted, by);
    return { world, discrepancyId, change };
  }

  it('has their name and their note, in the list, the audit log and an event', async () => {
    const { world, change } = await worldWithPeople();
    expect(await change({ assigneeId: ann.userId })).toMatchObject({ kind: 'changed', discrepancy: { assignee: ann } });
    expect(await change({ note: 'asked the buyer' })).toMatchObject({
      discrepancy: { assignee: ann, note: 'asked the buyer' },
    });
    expect(await change({ note: 'asked the buyer' })).toMatchObject({ kind: 'changed' });
    const { bookId } = world.book;
    const found = async (userId: string | null) =>
      (await world.db.queries.listDiscrepancies(bookId, { isOpen: true, kind: null, assignee: { userId } }, null, 9))
        .length;
    expect([await found(ann.userId), await found(null), await found('user_eve')]).toEqual([1, 0, 0]);
    expect(await world.db.hand.assignees(bookId)).toEqual([ann]);
    expect(await caseEvents(world)).toEqual(['discrepancy.updated', 'discrepancy.updated']);
    const [first, last] = await world.db.rows<{ before: object; after: object; actor_id: string }>(
      `select before, after, actor_id from audit_log where action = 'discrepancy.updated' order by audit_seq`,
    );
    expect(first).toEqual({
      before: { note: null, assigneeId: null },
      after: { note: null, assigneeId: ann.userId },
      actor_id: ann.userId,
    });
    expect(last?.after).toEqual({ note: 'asked the buyer', assigneeId: ann.userId });
    await change({ note: null, assigneeId: null });
    expect(await found(null)).toBe(1);
  });

  it('goes to nobody from elsewhere, and is left alone once it is closed', async () => {
    const { world, discrepancyId, change } = await worldWithPeople();
    expect(await change({ assigneeId: 'user_eve' })).toEqual({ kind: 'refused', reason: 'assignee_unknown' });
    const closing = { resolution: 'kept', note: 'a gift' };
    await closeDiscrepancyByHand(world.db.hand, world.book.bookId, discrepancyId, closing, by);
    expect(await change({ note: 'more' })).toEqual({ kind: 'refused', reason: 'not_open' });
    expect(await caseEvents(world)).toEqual(['discrepancy.closed']);
  });
});

async function caseEvents(world: PaymentWorld): Promise<string[]> {
  const rows = await world.db.rows<{ type: string }>(
    `select type from events where type like 'discrepancy.%' order by event_id`,
  );
  return rows.map(({ type }) => type);
}

describe('the list of payments', () => {
  it('is found by each of its names, flags and times', async () => {
    const { world, purchase } = await worldWithGift();
    const bought = await world.buy({ payer: 'bert' });
    await world.mine(3);
    const { intent } = await paymentOf(world, bought);
    const none: PaymentFilter = { status: [], network: null, endpointId: null, payer: null };
    const ids = async (filter: Partial<PaymentFilter>) =>
      (await world.db.queries.listPayments(world.book.bookId, { ...none, ...filter }, null, 10)).map(
        ({ intentId }) => intentId,
      );
    const txHash = intent.attempts[0]?.txHash ?? '';
    const names = [bought.presented.invoiceId ?? '', `INV-${intent.invoiceYear}-1`, txHash, addressOf('bert')];
    for (const q of names) expect(await ids({ found: searchKey(q) }), q).toEqual([intent.intentId]);
    expect(await ids({ found: searchKey('order 7') })).toEqual([]);
    expect(await ids({ flags: ['short'] })).toEqual([]);
    const other = (await paymentOf(world, purchase)).intent.intentId;
    const made = { fromMs: Date.now() - 60_000, toMs: Date.now() + 60_000 };
    expect((await ids({ made })).sort()).toEqual([intent.intentId, other].sort());
    expect(await ids({ made: { fromMs: made.fromMs - 60_000, toMs: made.fromMs } })).toEqual([]);
  });

  it('has transfers beside it, matched and unmatched', async () => {
    const { world } = await worldWithGift(700n);
    await world.buy({ payer: 'bert' });
    await world.mine(3);
    const list = (isMatched: boolean | null, network: string | null = null) =>
      world.db.queries.listTransfers(world.book.bookId, { isMatched, network }, null, 10);
    expect((await list(null)).map(({ amountAtomic }) => amountAtomic)).toEqual([10_000n, 700n]);
    expect(await list(true)).toMatchObject([{ allocations: [{ bucket: 'payment' }], discrepancyIds: [] }]);
    const [unmatched] = await list(false, world.chain.network);
    expect(unmatched).toMatchObject({ stage: 'final', allocations: [{ bucket: 'unmatched' }] });
    expect(unmatched?.discrepancyIds).toEqual([(await onlyOpen(world)).discrepancyId]);
    expect(await list(null, 'eip155:1')).toEqual([]);
  });
});
