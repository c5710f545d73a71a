import type { AcceptedTerms, Authorization, PresentedPayment, TermsVersion } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';
import {
  type IssuedOffer,
  issueOffer,
  type Purchase,
  type RefusalCode,
  type VerifierVerdict,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';
import { attempts, discrepancies, ledger, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();

async function heldKeys(world: PaymentWorld): Promise<number> {
  return (await world.db.rows('select from replay_keys')).length;
}

describe('an honest payment', () => {
  it('is served when it is sent, confirmed two blocks deep, and final later, each told once', async () => {
    const world = await open();
    const purchase = await world.buy();
    expect(attempts(await paymentOf(world, purchase))).toEqual(['submitted']);
    await world.mine(2);
    expect(attempts(await paymentOf(world, purchase))).toEqual(['submitted']);
    await world.mine();
    const { from } = purchase.presented.authorization;
    expect((await paymentOf(world)).intent).toMatchObject({ status: 'confirmed', invoiceNo: 1, payer: from });
    await world.finalize();
    const detail = await paymentOf(world, purchase);
    expect(story(detail)).toEqual(['processing', 'confirmed', 'final']);
    expect(attempts(detail)).toEqual(['final']);
    expect(only(detail.attempts).servedAtMs).not.toBeNull();
    expect(await ledger(world)).toEqual([
      'payment_confirmed wallet pending 10000',
      'payment_final pending income 10000',
    ]);
    expect(await discrepancies(world)).toEqual([]);
  });

  it('tells its invoice number in the event that confirms it', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine(3);
    const { events } = await paymentOf(world, purchase);
    const confirmed = events.find(({ type }) => type === 'payment_intent.confirmed');
    const [row] = await world.db.rows<{ body: string }>('select body from event_bodies where event_id = $1', [
      confirmed?.eventId,
    ]);
    expect(JSON.parse(row?.body ?? '{}').data).toMatchObject({
      status: 'confirmed',
      invoiceNumber: expect.any(String),
    });
  });

  it('is worked on once when forty copies come to two processes at the same time', async () => {
    const world = await open();
    const other = await world.openGate();
    const purchase = world.purchase();
    const gates = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? world.gate : other));
    const outcomes = await Promise.all(gates.map((gate) => world.take(purchase, gate)));
    expect(outcomes.map(bodyOf)).toEqual(gates.map(() => 'sunny'));
    expect(outcomes.filter((outcome) => outcome.kind === 'served' && !outcome.isReplay)).toHaveLength(1);
    expect(world.parts.verifier.asked).toHaveLength(1);
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(world.parts.failures).toEqual([]);
  });
});

describe('a claim that ends before anything was sent', () => {
  it('is told as failed when the verifier refuses, and the same payload is taken once its fault is mended', async () => {
    const world = await open();
    const refused: VerifierVerdict = { kind: 'refused', reason: 'insufficient_funds', rawReason: 'balance 3' };
    world.parts.verifier.verdicts.push(refused);
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('insufficient_funds');
    expect((await paymentOf(world)).intent).toMatchObject({ status: 'failed', failureReason: 'insufficient_funds' });
    expect(await heldKeys(world)).toBe(0);

    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    const detail = await paymentOf(world);
    expect(attempts(detail)).toEqual(['failed insufficient_funds', 'submitted']);
    expect(story(detail)).toEqual(['failed', 'processing']);
    expect(detail.intent.failureReason).toBeNull();
  });

  it('is judged again right before it is sent when a contract signed it (A22)', async () => {
    const world = await open();
    const accepted: VerifierVerdict = { kind: 'accepted', signer: 'contract' };
    const flipped: VerifierVerdict = { kind: 'refused', reason: 'signature_invalid', rawReason: 'another owner' };
    world.parts.verifier.verdicts.push(accepted, flipped);
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('signature_invalid');
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toEqual([]);
    expect(attempts(await paymentOf(world))).toEqual(['failed signature_invalid']);
    expect(await heldKeys(world)).toBe(0);

    world.parts.verifier.verdicts.push(accepted, accepted);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.parts.verifier.asked).toHaveLength(4);
  });

  it.each<[VerifierVerdict, RefusalCode]>([
    [{ kind: 'refused', reason: 'insufficient_funds', rawReason: 'drained' }, 'insufficient_funds'],
    [{ kind: 'spent', by: 'cancellation', txHash: null }, 'authorization_canceled'],
  ])('is judged again after an upstream that took its time: %j (A05, A21)', async (verdict, code) => {
    const world = await open();
    world.parts.verifier.verdicts.push({ kind: 'accepted', signer: 'key' }, verdict);
    world.upstream.next.push(() => {
      world.parts.clock.advance(300);
      return answered();
    });
    expect(codeOf(await world.take(world.purchase()))).toBe(code);
    expect(world.parts.settlement.sent).toEqual([]);
    expect(attempts(await paymentOf(world))).toEqual([`failed ${code}`]);
    expect(await heldKeys(world)).toBe(0);
  });

  it('is sent all the same when somebody broadcast it while the upstream worked: the chain credits it (A20)', async () => {
    const world = await open();
    const burnt: VerifierVerdict = { kind: 'spent', by: 'transfer', txHash: null };
    world.parts.verifier.verdicts.push({ kind: 'accepted', signer: 'key' }, burnt);
    world.upstream.next.push(() => {
      world.parts.clock.advance(300);
      return answered();
    });
    expect(bodyOf(await world.take(world.purchase()))).toBe('sunny');
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it.each<[by: 'transfer' | 'cancellation' | 'unclear', RefusalCode]>([
    ['transfer', 'transfer_proof_required'],
    ['unclear', 'transfer_proof_required'],
    ['cancellation', 'authorization_canceled'],
  ])('is refused when its nonce was spent by %s, with %s', async (by, code) => {
    const world = await open();
    world.parts.verifier.verdicts.push({ kind: 'spent', by, txHash: null });
    expect(codeOf(await world.take(world.purchase()))).toBe(code);
    const detail = await paymentOf(world);
    expect(attempts(detail)).toEqual([`failed ${code}`]);
    expect(story(detail)).toEqual(['failed']);
    expect(world.upstream.calls).toEqual([]);
    expect(await heldKeys(world)).toBe(0);
  });

  it.each([
    ['answers 500', answered(500), 'upstream_failed'],
    ['answers 404', answered(404), 'upstream_failed'],
    ['does not answer in time', { kind: 'failed', reason: 'upstream_timeout' }, 'upstream_timeout'],
  ] as const)('charges nothing and tells nothing when the upstream %s', async (_name, upstream, reason) => {
    const world = await open();
    world.upstream.next.push(() => upstream);
    expect(await world.take(world.purchase())).toMatchObject({ kind: 'not_charged', reason });
    const detail = await paymentOf(world);
    expect(attempts(detail)).toEqual([`failed ${reason}`]);
    expect(detail.intent.status).toBe('open');
    expect(story(detail)).toEqual([]);
    expect(world.parts.settlement.sent).toEqual([]);
    expect(await heldKeys(world)).toBe(0);
  });

  it('sends nothing for a buyer who left while the upstream ran', async () => {
    const world = await open();
    const buyer = new AbortController();
    world.upstream.next.push(() => {
      buyer.abort();
      return answered();
    });
    expect(codeOf(await world.take(world.purchase({ signal: buyer.signal })))).toBe('buyer_gone');
    expect(attempts(await paymentOf(world))).toEqual(['failed buyer_gone']);
    expect(world.parts.settlement.sent).toEqual([]);
  });

  it('sends nothing for a buyer who left while the settlement was prepared', async () => {
    const world = await open();
    const buyer = new AbortController();
    const { prepare } = world.parts.settlement;
    world.parts.settlement.prepare = (signed) => {
      buyer.abort();
      return prepare(signed);
    };
    expect(codeOf(await world.take(world.purchase({ signal: buyer.signal })))).toBe('buyer_gone');
    expect(attempts(await paymentOf(world))).toEqual(['failed buyer_gone']);
    expect(world.parts.settlement.sent).toEqual([]);
  });

  it('is released when no node can settle, and taken when one can again', async () => {
    const world = await open();
    const purchase = world.purchase();
    world.parts.settlement.isUnavailable = true;
    expect(codeOf(await world.take(purchase))).toBe('settlement_unavailable');
    expect(story(await paymentOf(world))).toEqual([]);
    world.parts.settlement.isUnavailable = false;
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
  });

  it('is released when the window closes before the commit that sends, by the time of the database', async () => {
    const world = await open();
    // The gate's clock is behind: it believes that there is plenty of time.
    world.parts.clock.advance(-230_000);
    const validBeforeUnixSeconds = BigInt(Math.floor(Date.now() / 1000) + 10);
    const purchase = world.purchase({ presented: { authorization: { validBeforeUnixSeconds } } });
    expect(codeOf(await world.take(purchase))).toBe('authorization_window');
    expect(attempts(await paymentOf(world))).toEqual(['failed authorization_window']);
    expect(world.parts.settlement.sent).toEqual([]);
  });
});

describe('a payment that is not what was offered', () => {
  /** In the order in which they are looked at. */
  const faults: readonly (readonly [RefusalCode, (purchase: Purchase) => Purchase])[] = [
    [
      'invoice_unknown',
      (purchase) =>
        presenting(purchase, {
          invoiceId: `${purchase.presented.invoiceId}`.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')),
        }),
    ],
    ['not_offered', (purchase) => presenting(purchase, { scheme: 'upto' })],
    ['network_mismatch', (purchase) => presenting(purchase, { network: 'eip155:8453' })],
    ['resource_mismatch', (purchase) => ({ ...purchase, isResourceUrlEqual: false })],
    ['asset_mismatch', (purchase) => accepting(purchase, { asset: tillAddress })],
    ['recipient_mismatch', (purchase) => authorizing(purchase, { to: addressOf('thief') })],
    ['amount_mismatch', (purchase) => authorizing(purchase, { valueAtomic: 9_999n })],
    ['not_offered', (purchase) => accepting(purchase, { maxTimeoutSeconds: 301 })],
    ['authorization_window', (purchase) => authorizing(purchase, { validBeforeUnixSeconds: 1n })],
    ['verification_refused', (purchase) => authorizing(purchase, { from: tillAddress })],
    ['signature_invalid', (purchase) => presenting(purchase, { signature: '0xbad' })],
  ];

  it('is refused for its first fault, whatever follows, and claims nothing', async () => {
    const world = await open();
    let purchase = world.purchase();
    const codes: string[] = [];
    for (const [, spoil] of [...faults].reverse()) {
      purchase = spoil(purchase);
      codes.unshift(codeOf(await world.take(purchase)));
    }
    expect(codes).toEqual(faults.map(([code]) => code));
    expect(await heldKeys(world)).toBe(0);
    expect(await payments(world)).toEqual([]);
  });

  it('is refused with an id of another key, mode or time, and claims nothing', async () => {
    const world = await open();
    const { terms } = world;
    const seal = (changes: Partial<TermsVersion>, secondsLater = 0, key = world.parts.sealKey) =>
      issueOffer(
        { ...terms, ...changes },
        world.purchase().resourceTag,
        nowSeconds() + secondsLater,
        key,
        testCrypto('t'),
      );
    const offers: readonly (readonly [string, IssuedOffer])[] = [
      ['invoice_unknown', seal({}, 0, { ...world.parts.sealKey, secret: new Uint8Array(32) })],
      ['invoice_unknown', seal({}, 0, { ...world.parts.sealKey, keyId: 2 })],
      ['invoice_unknown', seal({ mode: 'live' })],
      ['invoice_unknown', seal({ number: 999n })],
      ['invoice_unknown', seal({}, 90)],
      ['offer_expired', seal({}, -430)],
    ];
    const codes: string[] = [];
    for (const [, offer] of offers) {
      const validBeforeUnixSeconds = BigInt(nowSeconds() + 200);
      const payment = { presented: { authorization: { validBeforeUnixSeconds } } };
      codes.push(codeOf(await world.take(world.purchase({ offer, ...payment }))));
    }
    expect(codes).toEqual(offers.map(([code]) => code));
    expect(await heldKeys(world)).toBe(0);
  });
});

function presenting(purchase: Purchase, changes: Partial<PresentedPayment>): Purchase {
  return { ...purchase, presented: { ...purchase.presented, ...changes } };
}

function authorizing(purchase: Purchase, changes: Partial<Authorization>): Purchase {
  return presenting(purchase, { authorization: { ...purchase.presented.authorization, ...changes } });
}

function accepting(purchase: Purchase, changes: Partial<AcceptedTerms>): Purchase {
  const { accepted } = purchase.presented;
  return presenting(purchase, { accepted: accepted && { ...accepted, ...changes } });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
