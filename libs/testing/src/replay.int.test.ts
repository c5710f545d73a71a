import { describe, expect, it } from 'vitest';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { only, type PaymentWorld, type PurchaseChanges } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { priceAtomic, setPrice } from '../test/world-shop.js';
import { attempts, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const minute = 60_000;
const uncertain = { says: 'uncertain', isBroadcast: false } as const;

describe('a payment that was answered before', () => {
  it('gets the stored answer again, from any address, with its invoice id', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.finalize();
    const again = await world.take({ ...purchase, clientNet: new Uint8Array(16) });
    expect(again).toMatchObject({ kind: 'served', isReplay: true, receipt: { isSuccess: true } });
    expect(bodyOf(again)).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('is not read by somebody who shows its public payload with another invoice id (A40)', async () => {
    const world = await open();
    const { presented } = await world.buy();
    const { authorization, signature } = presented;
    const other = world.purchase();
    const thief = { ...other, presented: { ...other.presented, authorization, signature } };
    expect(codeOf(await world.take(thief))).toBe('payment_used_elsewhere');
  });

  it('is not run for another request', async () => {
    const world = await open();
    const purchase = await world.buy();
    const other = world.purchase({ query: 'city=Rome' });
    expect(codeOf(await world.take({ ...other, presented: purchase.presented }))).toBe('payment_used_elsewhere');
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('gets its answer without an invoice id for ten minutes, and only at the address that claimed (A40)', async () => {
    const world = await open();
    const purchase = await world.buy({ presented: { x402Version: 1 } });
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    const elsewhere = { ...purchase, clientNet: new Uint8Array(16) };
    expect(codeOf(await world.take(elsewhere))).toBe('payment_used_elsewhere');
    world.parts.clock.advance(9 * minute);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    world.parts.clock.advance(2 * minute);
    expect(codeOf(await world.take(purchase))).toBe('payment_used_elsewhere');
    expect(await payments(world)).toHaveLength(1);
  });

  it('hears that its result is gone when the answer was too large to keep', async () => {
    const world = await open();
    world.upstream.next.push(() => answered(200, 'x'.repeat(256 * 1024 + 1)));
    const purchase = { ...(await world.buy()), method: 'POST' };
    expect(await world.take(purchase)).toMatchObject({ kind: 'result_gone', receipt: { isSuccess: true } });
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('hears that its result is gone after a day', async () => {
    const world = await open();
    const purchase = await world.buy();
    world.parts.clock.advance(24 * 60 * minute);
    expect(codeOf(await world.take(purchase))).toBe('result_gone');
  });

  it('gets its answer after the offer expired, where a first payment is refused', async () => {
    const world = await open();
    const unpaid = world.purchase();
    const purchase = await world.buy();
    world.parts.clock.advance(8 * minute);
    expect(codeOf(await world.take(unpaid))).toBe('offer_expired');
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
  });
});

describe('a payment whose outcome is unknown', () => {
  async function unknownPurchase(world: PaymentWorld, changes: PurchaseChanges = {}) {
    world.parts.settlement.scripts.push(uncertain);
    const purchase = world.purchase(changes);
    expect(await world.take(purchase)).toMatchObject({
      kind: 'unknown',
      code: 'payment_outcome_unknown',
      receipt: { isSuccess: false, errorReason: 'settlement_pending' },
    });
    return purchase;
  }

  it('is answered alike for as long as it stays unknown, and told once', async () => {
    const world = await open();
    const purchase = await unknownPurchase(world);
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    const detail = await paymentOf(world);
    expect(attempts(detail)).toEqual(['unknown']);
    expect(story(detail)).toEqual(['processing', 'unknown']);
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('has the same bytes sent again for a buyer who waits, five times at most, five seconds apart', async () => {
    const world = await open();
    world.parts.settlement.otherwise = uncertain;
    const purchase = await unknownPurchase(world);
    for (let again = 0; again < 8; again += 1) {
      world.parts.clock.advance(6_000 * (again + 1));
      expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    }
    expect(new Set(world.parts.settlement.sent.map(({ txHash }) => txHash)).size).toBe(1);
    expect(world.parts.settlement.sent).toHaveLength(6);
  });

  it('is served from the stored answer as soon as a resend is accepted', async () => {
    const world = await open();
    const purchase = await unknownPurchase(world);
    world.parts.clock.advance(6_000);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'unknown', 'processing', 'confirmed', 'final']);
  });

  it('is served once the chain shows it, whatever the node said', async () => {
    const world = await open();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: true });
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    await world.mine(3);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(story(await paymentOf(world))).toEqual(['processing', 'unknown', 'confirmed']);
  });

  it('keeps the same buyer from signing anew for the same request', async () => {
    const world = await open();
    const first = await unknownPurchase(world);
    const second = await world.take(world.purchase());
    expect(second).toMatchObject({ kind: 'unknown', code: 'earlier_payment_unknown' });
    expect(second).toMatchObject({ invoiceId: first.presented.invoiceId });
    const onSameInvoice = world.purchase({ offer: world.offer(), presented: { invoiceId: null, x402Version: 1 } });
    expect(codeOf(await world.take(onSameInvoice))).toBe('earlier_payment_unknown');
    expect(await payments(world)).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('leaves the same buyer free to pay for another request', async () => {
    const world = await open();
    await unknownPurchase(world);
    expect(bodyOf(await world.take(world.purchase({ query: 'city=Rome' })))).toBe('sunny');
  });
});

describe('an invoice', () => {
  it('is in progress, then paid, for everybody but its payer', async () => {
    const world = await open();
    const offer = world.offer();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: true });
    await world.take(world.purchase({ offer, payer: 'ann' }));
    expect(codeOf(await world.take(world.purchase({ offer, payer: 'bob' })))).toBe('invoice_in_progress');
    await world.mine(3);
    expect(codeOf(await world.take(world.purchase({ offer, payer: 'bob' })))).toBe('invoice_already_paid');
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('buys one request once, and answers another signature of its payer from what was bought', async () => {
    const world = await open();
    const offer = world.offer();
    await world.buy({ offer });
    expect(bodyOf(await world.take(world.purchase({ offer })))).toBe('sunny');
    expect(codeOf(await world.take(world.purchase({ offer, query: 'city=Rome' })))).toBe('offer_already_used');
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });
});

describe('many at once on one invoice', () => {
  it('buy once when they are signatures of one payer, and all read what was bought', async () => {
    const world = await open();
    const other = await world.openGate();
    const offer = world.offer();
    const signatures = Array.from({ length: 12 }, () => world.purchase({ offer }));
    const outcomes = await Promise.all(signatures.map((each, at) => world.take(each, at % 2 ? other : world.gate)));
    expect(outcomes.map(bodyOf)).toEqual(signatures.map(() => 'sunny'));
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('buy once when they are payers of their own, and the others are not charged', async () => {
    const world = await open();
    const other = await world.openGate();
    const offer = world.offer();
    const payers = Array.from({ length: 12 }, (_, at) => world.purchase({ offer, payer: `payer ${at}` }));
    const outcomes = await Promise.all(payers.map((each, at) => world.take(each, at % 2 ? other : world.gate)));
    expect(outcomes.map(bodyOf).filter((body) => body === 'sunny')).toHaveLength(1);
    const refused = outcomes.map(codeOf).filter((code) => /^invoice_(in_progress|already_paid)$/.test(code));
    expect(refused).toHaveLength(11);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(await world.db.rows('select from replay_keys')).toHaveLength(1);
  });
});

describe('a price that changed', () => {
  async function doublePrice(world: PaymentWorld): Promise<void> {
    const { bookId, endpointId, networks } = world.terms;
    const { walletId } = only(networks);
    await setPrice(world.db.setup, { bookId, endpointId, walletId, amountAtomic: 2n * priceAtomic });
    await world.reloadBook();
  }

  it('is honoured as it was offered until the grace of the offer ends (A17)', async () => {
    const world = await open();
    const offers = [world.offer(), world.offer()];
    await doublePrice(world);
    const old = await world.buy({ ...(offers[0] && { offer: offers[0] }) });
    expect((await paymentOf(world, old)).intent.amountAtomic).toBe(priceAtomic);
    const fresh = await world.buy();
    expect((await paymentOf(world, fresh)).intent.amountAtomic).toBe(2n * priceAtomic);
    world.parts.clock.advance(7 * minute + 2_000);
    expect(codeOf(await world.take(world.purchase({ ...(offers[1] && { offer: offers[1] }) })))).toBe('offer_expired');
  });

  it('is chosen by the amount that was signed where no invoice is named', async () => {
    const world = await open();
    const old = world.offer();
    await doublePrice(world);
    const amounts: bigint[] = [];
    for (const [payer, offer] of Object.entries({ ann: old, bob: world.offer() })) {
      await world.buy({ payer, offer, presented: { x402Version: 1 } });
    }
    for (const { intent } of await payments(world)) amounts.push(intent.amountAtomic);
    expect(amounts.sort()).toEqual([priceAtomic, 2n * priceAtomic]);
    const stripped = { invoiceId: null, accepted: { extra: {} } };
    const cheap = await world.buy({ payer: 'cy', offer: old, presented: stripped });
    const { from } = cheap.presented.authorization;
    const paid = (await payments(world)).find(({ intent }) => intent.payer === from);
    expect(paid?.intent.amountAtomic).toBe(priceAtomic);
    const other = { x402Version: 1, authorization: { valueAtomic: 15_000n } } as const;
    expect(codeOf(await world.take(world.purchase({ presented: other })))).toBe('amount_mismatch');
  });

  it('is refused at once where it was withdrawn, with nothing claimed', async () => {
    const world = await open();
    const offer = world.offer();
    const purchase = await world.buy();
    await world.db.rows('update terms_versions set revoked_at = now()');
    await world.reloadBook();
    expect(codeOf(await world.take(world.purchase({ offer })))).toBe('offer_withdrawn');
    const byAmount = world.purchase({ offer, presented: { x402Version: 1 } });
    expect(codeOf(await world.take(byAmount))).toBe('offer_withdrawn');
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(await payments(world)).toHaveLength(1);
  });
});
