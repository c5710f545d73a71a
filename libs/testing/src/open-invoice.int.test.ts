import { invoiceIdText } from '@tollbook/domain';
import { testAsset, testCrypto } from '@tollbook/testing';
import {
  expireIntents,
  type InvoiceToOpen,
  type IssuedOffer,
  type OpenResult,
  openInvoice,
  type Purchase,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { codeOf } from '../test/outcomes.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { priceAtomic, tillAddress } from '../test/world-shop.js';
import { attempts, discrepancies, ledger, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const ann = addressOf('ann');
const dayMs = 24 * 60 * 60 * 1000;
/** What the first invoice that is opened is asked for. */
const promisedAtomic = priceAtomic - 1n;

function invoiceOf(world: PaymentWorld, { invoiceBytes, terms, expiresAtUnixSeconds }: IssuedOffer): InvoiceToOpen {
  const [entry] = terms.networks;
  if (!entry) throw new Error('the offer names no network');
  return {
    bookId: world.book.bookId,
    mode: 'test',
    invoiceId: invoiceBytes,
    isStored: false,
    isInForce: true,
    termsNumber: terms.number,
    endpointId: terms.endpointId,
    priceVersionId: terms.priceVersionId,
    network: entry.network,
    assetId: testAsset.assetId,
    walletId: entry.walletId,
    amountAtomic: entry.amountAtomic,
    expiresAtMs: expiresAtUnixSeconds * 1000,
  };
}

function opening(
  world: PaymentWorld,
  changes: Partial<InvoiceToOpen> = {},
  offer = world.offer(),
): Promise<OpenResult> {
  const { catalog } = world.parts;
  const deps = { intents: world.db.intents, catalog, formatAddress: (_: string, text: string) => text };
  const crypto = testCrypto(`open ${invoiceIdText(offer.invoiceBytes)}`);
  return openInvoice({ ...deps, crypto }, { ...invoiceOf(world, offer), ...changes });
}

/** Opens offers one after another. */
async function openMany(world: PaymentWorld, count: number): Promise<IssuedOffer[]> {
  const offers = Array.from({ length: count }, () => world.offer());
  for (const offer of offers) expect(await opening(world, {}, offer)).toEqual({ kind: 'opened' });
  return offers;
}

async function reserved(world: PaymentWorld): Promise<string[]> {
  const rows = await world.db.rows<{ amount: string }>(
    'select amount_atomic as amount from reserved_amounts order by 1',
  );
  return rows.map(({ amount }) => amount);
}

async function statuses(world: PaymentWorld): Promise<string[]> {
  const rows = await world.db.rows<{ told: string }>(
    `select coalesce(reserved_atomic::text, 'none') || ' ' || status as told from payment_intents order by reserved_atomic desc`,
  );
  return rows.map(({ told }) => told);
}

/** A payment that was not charged. */
async function take(world: PaymentWorld): Promise<Purchase> {
  const purchase = world.purchase();
  expect(codeOf(await world.take(purchase))).toBe('not_charged');
  return purchase;
}

const send = (world: PaymentWorld, name: string, amountAtomic: bigint) =>
  world.chain.submit(txOf(name, transferAction(ann, tillAddress, amountAtomic)));

describe('an invoice that is opened for a transfer', () => {
  it('is told apart by its amount, which is paid, booked and told', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 3);
    expect(await reserved(world)).toEqual(['9997', '9998', '9999']);
    send(world, 'middle', 9_998n);
    await world.mine(3);
    expect(await statuses(world)).toEqual(['9999 open', '9998 confirmed', '9997 open']);
    await world.finalize();
    const paid = await paymentOf(world);
    expect([paid.intent.status, paid.intent.payer, paid.intent.invoiceNo]).toEqual(['final', ann, 1]);
    expect(story(paid)).toEqual(['created', 'confirmed', 'final']);
    const [told] = await world.db.rows<{ tx_hash: string }>(
      `select body::json #>> '{data,txHash}' as tx_hash from events join event_bodies using (book_id, event_id)
       where type = 'payment_intent.confirmed'`,
    );
    expect(told?.tx_hash).toBe(txOf('middle').txHash);
    expect(await ledger(world)).toEqual(['payment_confirmed wallet pending 9998', 'payment_final pending income 9998']);
    expect(await discrepancies(world)).toEqual([]);
    const [allocation] = await world.db.rows('select matched_by from allocations');
    expect(allocation).toEqual({ matched_by: 'amount' });
  });

  it('is opened once, however often and by however many it is asked', async () => {
    const world = await open();
    const offer = world.offer();
    const results = await Promise.all(Array.from({ length: 6 }, () => opening(world, {}, offer)));
    expect(results).toEqual(results.map(() => ({ kind: 'opened' })));
    expect(await reserved(world)).toEqual(['9999']);
    expect(await world.db.rows('select type, sequence from events')).toEqual([
      { type: 'payment_intent.created', sequence: 1 },
    ]);
  });

  it('has an amount of its own among many that are opened at once', async () => {
    const world = await open();
    const offers = Array.from({ length: 12 }, () => world.offer());
    await Promise.all(offers.map((offer) => opening(world, {}, offer)));
    expect(new Set(await reserved(world)).size).toBe(12);
    expect((await reserved(world))[0]).toBe('9988');
  });

  it('is refused where it ended, is too small, was chosen otherwise, or all its amounts are promised', async () => {
    const world = await open();
    const offer = world.offer();
    const refused = { kind: 'refused' };
    expect(await opening(world, { isInForce: false })).toMatchObject({ ...refused, reason: 'not_payable' });
    expect(await opening(world, { expiresAtMs: Date.now() - 1 })).toMatchObject({ ...refused, status: 'expired' });
    expect(await opening(world, { isStored: true })).toMatchObject({ ...refused, reason: 'not_payable' });
    expect(await opening(world, { amountAtomic: 9_999n })).toEqual({ ...refused, reason: 'not_offered' });
    expect(await world.db.rows('select from payment_intents')).toEqual([]);
    await opening(world, {}, offer);
    const elsewhere = await opening(world, { network: 'eip155:8453' }, offer);
    expect(elsewhere).toEqual({ ...refused, reason: 'opened_elsewhere' });
    await world.db.rows(
      `insert into reserved_amounts (book_id, network_id, asset_id, wallet_id, amount_atomic, intent_id, after_block)
       select book_id, network_id, asset_id, wallet_id, 9999 - k, gen_random_uuid(), 0
       from reserved_amounts, generate_series(1, 999) k`,
    );
    expect(await opening(world)).toEqual({ ...refused, reason: 'amounts_taken' });
    expect(await world.db.rows('select from payment_intents')).toHaveLength(1);
    await world.db.rows('delete from reserved_amounts where amount_atomic < 9999');
  });

  it('gives its amount to another a day after it ended, and not before', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    send(world, 'pays', 9_999n);
    await world.finalize();
    await openMany(world, 1);
    expect(await reserved(world)).toEqual(['9998', '9999']);
    await world.db.rows(`update reserved_amounts set free_at = free_at - $1 * interval '1 millisecond'`, [dayMs]);
    await openMany(world, 1);
    expect(await statuses(world)).toEqual(['9999 final', '9999 open', '9998 open']);
    send(world, 'again', 9_999n);
    await world.finalize();
    expect((await statuses(world)).sort()).toEqual(['9998 open', '9999 final', '9999 final']);
  });
});

describe('money with a promised amount', () => {
  it('is nobody’s where its block had been read before: a stranger’s transfer cannot be opened for (A37)', async () => {
    const world = await open();
    send(world, 'stranger', 9_999n);
    world.chain.mine();
    await world.scan();
    await openMany(world, 1);
    await world.finalize();
    expect(await statuses(world)).toEqual(['9999 open']);
    expect(await discrepancies(world)).toEqual(['unmatched']);
  });

  it('pays once: more of it is a duplicate, also in the same block', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    const twice = [transferAction(ann, tillAddress, 9_999n), transferAction(ann, tillAddress, 9_999n)];
    world.chain.submit(txOf('twice', ...twice));
    await world.finalize();
    send(world, 'later', 9_999n);
    await world.finalize();
    expect(await statuses(world)).toEqual(['9999 final']);
    expect(await discrepancies(world)).toEqual(['duplicate', 'duplicate']);
    expect(await ledger(world)).toContain('duplicate_confirmed wallet overpayment 9999');
  });

  it('is late by the chain’s clock', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 2);
    world.chain.skipSeconds(600);
    send(world, 'late', 9_998n);
    await world.finalize();
    expect(await statuses(world)).toEqual(['9999 open', '9998 open']);
    expect(await discrepancies(world)).toEqual(['late']);
    expect(await ledger(world)).toEqual(['late_confirmed wallet overpayment 9998']);
  });

  it('is waited for where it was seen in time and is not deep enough yet', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    send(world, 'in time', 9_999n);
    world.chain.mine();
    await world.scan();
    await world.db.rows(`update payment_intents set expires_at = now() - interval '10 minutes'`);
    await expireIntents(world.worker, await world.sweepLease());
    expect(await statuses(world)).toEqual(['9999 open']);
    await world.db.rows(`update payment_intents set expires_at = now()`);
    await world.finalize();
    expect(await statuses(world)).toEqual(['9999 final']);
  });

  it('is taken back by a reorg, told, and booked anew with the same number', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    send(world, 'pays', 9_999n);
    await world.mine(3);
    const dropped = world.chain.reorg(3);
    world.chain.mine(4);
    await world.index();
    expect(await statuses(world)).toEqual(['9999 open']);
    expect(await discrepancies(world)).toEqual(['reorged']);
    world.chain.submit(...dropped);
    await world.finalize();
    const paid = await paymentOf(world);
    expect(story(paid)).toEqual(['created', 'confirmed', 'reorged', 'confirmed', 'final']);
    expect(paid.intent.invoiceNo).toBe(1);
    expect(await discrepancies(world)).toEqual(['reorged: included_again']);
  });

  it('expires where a reorg took its transfer for good, and that is not on record as open for ever', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    send(world, 'pays', 9_999n);
    await world.mine(3);
    world.chain.reorg(3);
    world.chain.skipSeconds(1_000);
    await world.mine(4);
    const nowMs = async () => Date.now() + 3_600_000;
    const later = { ...world.worker, sweep: { ...world.db.sweep, nowMs } };
    expect(await expireIntents(later, await world.sweepLease())).toMatchObject({ expired: 1 });
    expect(await statuses(world)).toEqual(['9999 expired']);
    expect(await discrepancies(world)).toEqual(['reorged: expired']);
  });

  it('is a duplicate of a signature that pays the same invoice, whichever comes first', async () => {
    const world = await open();
    await world.index();
    await openMany(world, 1);
    const [offer] = await openMany(world, 1);
    await world.buy({ ...(offer && { offer }) });
    send(world, 'too', 9_998n);
    await world.finalize();
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['final']);
    expect(await discrepancies(world)).toEqual(['duplicate']);
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    const [other] = await openMany(world, 1);
    const purchase = await world.buy({ payer: 'bob', ...(other && { offer: other }) });
    send(world, 'first', 9_997n);
    await world.mine(3);
    const { authorization } = purchase.presented;
    world.chain.submit(txOf('second', { kind: 'authorize', authorization }));
    await world.finalize();
    const last = (await payments(world))[1];
    expect([last?.intent.status, last && attempts(last)]).toEqual(['final', ['final']]);
    expect(await discrepancies(world)).toEqual(['duplicate', 'duplicate']);
  });

  it('is not what another signed for, though nothing was sold for it and a stranger broadcast it (A36)', async () => {
    const world = await open();
    await world.index();
    world.upstream.next.push(() => answered(500));
    const { authorization } = (await take(world)).presented;
    await openMany(world, 1);
    world.chain.submit(txOf('stranger', forcedAction(authorization)));
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['unmatched']);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    expect((await statuses(world)).sort()).toEqual(['9999 final', 'none open']);
  });

  it('keeps a signature from being sent where it came while that was looked at', async () => {
    const world = await open();
    await world.index();
    const [offer] = await openMany(world, 1);
    world.upstream.next.push(async () => {
      send(world, 'meanwhile', promisedAtomic);
      await world.mine(3);
      return answered(200);
    });
    const purchase = world.purchase({ ...(offer && { offer }) });
    expect(codeOf(await world.take(purchase))).toBe('invoice_already_paid');
    expect(world.parts.settlement.sent).toEqual([]);
    await world.finalize();
    const paid = await paymentOf(world);
    expect([paid.intent.status, attempts(paid)]).toEqual(['final', ['failed interrupted']]);
  });

  it('leaves no way to pay twice by signature: what a transfer paid is paid', async () => {
    const world = await open();
    await world.index();
    const [offer] = await openMany(world, 1);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    expect(codeOf(await world.take(world.purchase({ ...(offer && { offer }) })))).toBe('invoice_already_paid');
  });
});
