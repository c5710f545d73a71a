import type { RateOverride, RatePolicy, RateVerdict } from '@tollbook/domain';
import type { LimitedVerdict, PurchaseDeps, RateLimiter } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld, PurchaseChanges } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import type { Gate } from '../test/world-parts.js';
import { payments } from '../test/world-view.js';

const { open } = useWorlds();
const two: RatePolicy = { points: 2, windowSeconds: 60, burst: 0 };

/** A purchase at an endpoint whose payers are limited. */
function limited(world: PaymentWorld, changes: PurchaseChanges = {}, paid: RatePolicy | null = two) {
  const purchase = world.purchase(changes);
  return { ...purchase, endpoint: { ...purchase.endpoint, limits: { paid, unpaid: null } } };
}

function excepted(world: PaymentWorld, decision: RateOverride['decision'], expiresAtMs: number | null = null) {
  const purchase = limited(world);
  const override = {
    subjectKind: 'payer',
    subject: addressOf('buyer'),
    endpointId: null,
    decision,
    expiresAtMs,
  } as const;
  return { ...purchase, book: { ...purchase.book, overrides: new Map([[override.subject, [override]]]) } };
}

/** A limiter that remembers whom it held back, as one with a shared store does. */
function remembering(limiter: RateLimiter): RateLimiter & { readonly consumed: string[] } {
  const known = new Map<string, LimitedVerdict>();
  const consumed: string[] = [];
  return {
    consumed,
    read: limiter.read,
    knownExhausted: (key) => known.get(key) ?? null,
    consume: async (key, policy) => {
      consumed.push(key);
      const verdict = await limiter.consume(key, policy);
      if (verdict?.kind === 'limited') known.set(key, verdict);
      return verdict;
    },
  };
}

function withLimiter(gate: Gate, payerLimiter: RateLimiter): Gate {
  const deps: PurchaseDeps = { ...gate.deps, payerLimiter };
  return { ...gate, deps };
}

describe('a payer who has used up the limit', () => {
  it('is held back before anything is claimed, asked of the upstream or sent', async () => {
    const world = await open();
    for (let call = 0; call < 2; call += 1) expect(bodyOf(await world.take(limited(world)))).toBe('sunny');
    const outcome = await world.take(limited(world));
    expect(outcome).toMatchObject({
      kind: 'limited',
      verdict: { retryAfterSeconds: 60, standing: { used: 2, left: 0 } },
    });
    expect(await payments(world)).toHaveLength(2);
    expect(world.upstream.calls).toHaveLength(2);
    expect(world.parts.settlement.sent).toHaveLength(2);
  });

  it('holds back nobody else, at no other endpoint', async () => {
    const world = await open();
    for (let call = 0; call < 3; call += 1) await world.take(limited(world));
    expect(bodyOf(await world.take(limited(world, { payer: 'other' })))).toBe('sunny');
    const purchase = world.purchase();
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
  });

  it('still gets the stored answer of what it paid, and spends nothing by asking', async () => {
    const world = await open();
    const first = limited(world);
    await world.take(first);
    for (let time = 0; time < 5; time += 1) {
      expect(await world.take(first)).toMatchObject({ kind: 'served', isReplay: true });
    }
    expect(bodyOf(await world.take(limited(world)))).toBe('sunny');
    expect((await world.take(limited(world))).kind).toBe('limited');
    expect(await world.take(first)).toMatchObject({ kind: 'served', isReplay: true });
  });

  it('is known from then on: its signatures are not looked at, its stored answers are', async () => {
    const world = await open();
    const gate = withLimiter(world.gate, remembering(world.gate.deps.payerLimiter));
    const first = limited(world);
    await world.take(first, gate);
    await world.take(limited(world), gate);
    await world.take(limited(world), gate);
    // Junk in the name of a payer who is known to be used up is not even read.
    const junk = limited(world, { presented: { authorization: { valueAtomic: 1n } } });
    expect((await world.take(junk, gate)).kind).toBe('limited');
    expect(await world.take(first, gate)).toMatchObject({ kind: 'served', isReplay: true });
  });

  it('may buy again what was held back, with the same signature', async () => {
    const world = await open();
    await world.take(limited(world));
    await world.take(limited(world));
    const held = limited(world);
    expect((await world.take(held)).kind).toBe('limited');
    expect(bodyOf(await world.take({ ...held, endpoint: world.endpoint }))).toBe('sunny');
  });
});

describe('a point', () => {
  it('is not spent by junk in somebody’s name', async () => {
    const world = await open();
    const limiter = remembering(world.gate.deps.payerLimiter);
    const gate = withLimiter(world.gate, limiter);
    const junk = () => limited(world, { presented: { signature: '0x00' } });
    for (let call = 0; call < 5; call += 1) {
      expect(codeOf(await world.take(junk(), gate))).toBe('signature_invalid');
    }
    expect(limiter.consumed).toEqual([]);
  });

  it('is spent once by copies that come together', async () => {
    const world = await open();
    const limiter = remembering(world.gate.deps.payerLimiter);
    const gate = withLimiter(world.gate, limiter);
    const purchase = limited(world);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => world.take(purchase, gate)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(8).fill('served'));
    expect(limiter.consumed).toHaveLength(1);
  });

  it('is told with the answer', async () => {
    const world = await open();
    const told: RateVerdict[] = [];
    await world.take({ ...limited(world), onCounted: (verdict) => told.push(verdict) });
    expect(told).toMatchObject([{ kind: 'allowed', standing: { used: 1, left: 1 } }]);
  });

  it('is not asked for where nobody counts', async () => {
    const world = await open();
    const away: RateLimiter = { consume: async () => null, read: async () => null, knownExhausted: () => null };
    const gate = withLimiter(world.gate, away);
    for (let call = 0; call < 4; call += 1) expect(bodyOf(await world.take(limited(world), gate))).toBe('sunny');
  });
});

describe('an exception', () => {
  it('frees a payer of the limit', async () => {
    const world = await open();
    for (let call = 0; call < 4; call += 1) {
      expect(bodyOf(await world.take(excepted(world, { action: 'allow' })))).toBe('sunny');
    }
  });

  it('blocks a payer, but not the answer of what was paid before', async () => {
    const world = await open();
    const paid = limited(world);
    await world.take(paid);
    const blocked = excepted(world, { action: 'block' });
    expect(codeOf(await world.take(blocked))).toBe('payer_blocked');
    expect(await payments(world)).toHaveLength(1);
    const again = await world.take({ ...paid, book: blocked.book });
    expect(again).toMatchObject({ kind: 'served', isReplay: true });
  });

  it('tells nobody whom it blocks: a payment in their name is refused for its signature', async () => {
    const world = await open();
    const blocked = excepted(world, { action: 'block' });
    const forged = { ...blocked, presented: { ...blocked.presented, signature: '0xbad' } };
    expect(codeOf(await world.take(forged))).toBe('signature_invalid');
    // A contract is asked whether it signed, before it is told.
    const { verifier } = world.parts;
    verifier.signer = 'contract';
    verifier.verdicts.push({ kind: 'refused', reason: 'signature_invalid', rawReason: 'no' });
    expect(codeOf(await world.take(blocked))).toBe('signature_invalid');
    expect(codeOf(await world.take(blocked))).toBe('payer_blocked');
    expect(verifier.asked).toHaveLength(2);
    expect(await payments(world)).toEqual([]);
  });

  it('gives a payer another limit, until it ends', async () => {
    const world = await open();
    const one = { action: 'limit', policy: { ...two, points: 1 } } as const;
    const now = world.parts.clock.nowMs();
    await world.take(excepted(world, one, now + 1_000));
    expect((await world.take(excepted(world, one, now + 1_000))).kind).toBe('limited');
    expect(bodyOf(await world.take(excepted(world, one, now)))).toBe('sunny');
  });
});

it('counts what was let through and what was held back', async () => {
  const world = await open();
  for (let call = 0; call < 5; call += 1) await world.take(limited(world));
  await world.take(world.purchase());
  const drafts = world.gate.deps.rateTally.drain();
  expect(drafts).toMatchObject([
    { side: 'paid', subject: '', allowed: 2, throttled: 3 },
    { side: 'paid', subject: addressOf('buyer'), allowed: 2, throttled: 3, used: 2 },
  ]);
});
