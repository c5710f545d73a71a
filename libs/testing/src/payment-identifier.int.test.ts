import { describe, expect, it } from 'vitest';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld, PurchaseChanges } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { paymentOf, payments } from '../test/world-view.js';

const { open } = useWorlds();
const identifier = 'pay_0123456789abcdef';

/** A freshly signed payment of a fresh offer, with one and the same identifier. */
function named(world: PaymentWorld, changes: PurchaseChanges = {}) {
  return world.purchase({ ...changes, presented: { identifier, ...changes.presented } });
}

describe('a payment that its buyer named', () => {
  it('buys once: signed anew, the same request gets the first answer', async () => {
    const world = await open();
    const first = await world.take(named(world));
    const again = await world.take(named(world));
    expect([bodyOf(first), bodyOf(again)]).toEqual(['sunny', 'sunny']);
    expect(first).toMatchObject({ kind: 'served', isReplay: false });
    expect(again).toMatchObject({ kind: 'served', isReplay: true });
    if (first.kind !== 'served' || again.kind !== 'served') throw new Error('both are served');
    expect(again.receipt).toEqual(first.receipt);
    expect(again.invoiceId).toBe(first.invoiceId);
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(await payments(world)).toHaveLength(1);
  });

  it('is refused for another request, and nothing is kept of that', async () => {
    const world = await open();
    await world.take(named(world));
    const other = await world.take(named(world, { query: 'city=Rome' }));
    expect(codeOf(other)).toBe('payment_identifier_reused');
    expect(world.upstream.calls).toHaveLength(1);
    expect(await payments(world)).toHaveLength(1);
    expect(await world.db.rows('select from replay_keys')).toHaveLength(1);
    expect(await world.db.rows('select from payment_identifiers')).toHaveLength(1);
  });

  it('is another purchase where another payer names it so, or the same one names another', async () => {
    const world = await open();
    await world.take(named(world));
    expect(bodyOf(await world.take(named(world, { payer: 'neighbour' })))).toBe('sunny');
    const next = { presented: { identifier: 'pay_fedcba9876543210' } };
    expect(await world.take(named(world, next))).toMatchObject({ kind: 'served', isReplay: false });
    expect(world.upstream.calls).toHaveLength(3);
  });

  it('runs once when forty of them, each signed anew, come to two processes at the same time', async () => {
    const world = await open();
    const other = await world.openGate();
    const purchases = Array.from({ length: 40 }, () => named(world));
    const outcomes = await Promise.all(
      purchases.map((purchase, at) => world.take(purchase, at % 2 === 0 ? world.gate : other)),
    );
    expect(outcomes.map(bodyOf)).toEqual(purchases.map(() => 'sunny'));
    expect(outcomes.filter((outcome) => outcome.kind === 'served' && !outcome.isReplay)).toHaveLength(1);
    expect(world.upstream.calls).toHaveLength(1);
    expect(world.parts.settlement.sent).toHaveLength(1);
    expect(await payments(world)).toHaveLength(1);
    expect(await world.db.rows('select from replay_keys')).toHaveLength(1);
    expect(world.parts.failures).toEqual([]);
  });

  it('sells one of two requests that come at the same time under one name', async () => {
    const world = await open();
    const other = await world.openGate();
    const outcomes = await Promise.all([
      world.take(named(world, { query: 'city=Rome' })),
      world.take(named(world, { query: 'city=Oslo' }), other),
    ]);
    expect(outcomes.map(bodyOf).sort()).toEqual(['payment_identifier_reused', 'sunny']);
    expect(world.parts.settlement.sent).toHaveLength(1);
  });

  it('is told of the doubt while the first outcome is unknown, and is not sent', async () => {
    const world = await open();
    world.parts.settlement.scripts.push({ says: 'uncertain', isBroadcast: false });
    expect(codeOf(await world.take(named(world)))).toBe('payment_outcome_unknown');
    expect(codeOf(await world.take(named(world)))).toBe('earlier_payment_unknown');
    expect(world.upstream.calls).toHaveLength(1);
    expect(await payments(world)).toHaveLength(1);
  });

  it('is taken anew when the first moved no money', async () => {
    const world = await open();
    world.parts.verifier.verdicts.push({ kind: 'refused', reason: 'insufficient_funds', rawReason: 'balance 3' });
    const first = named(world);
    expect(codeOf(await world.take(first))).toBe('insufficient_funds');
    const mended = named(world);
    expect(await world.take(mended)).toMatchObject({ kind: 'served', isReplay: false });
    expect(await world.take(named(world))).toMatchObject({ kind: 'served', isReplay: true });
    const [row] = await world.db.rows<{ attempt_id: string }>('select attempt_id from payment_identifiers');
    expect((await paymentOf(world, mended)).attempts[0]?.attemptId).toBe(row?.attempt_id);
    expect(codeOf(await world.take(named(world, { query: 'city=Rome' })))).toBe('payment_identifier_reused');
  });

  it('is read by a contract’s next signature only when the contract says that it signed', async () => {
    const world = await open();
    world.parts.verifier.signer = 'contract';
    await world.take(named(world));
    const refused = { kind: 'refused', reason: 'signature_invalid', rawReason: 'the contract says no' } as const;
    world.parts.verifier.verdicts.push(refused);
    expect(codeOf(await world.take(named(world)))).toBe('signature_invalid');
    expect(bodyOf(await world.take(named(world)))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
  });
});

describe('an endpoint that wants payments named', () => {
  it('takes none without a name, but answers one that it took before', async () => {
    const world = await open();
    const before = await world.buy();
    const strict = { ...world.endpoint, requiresIdentifier: true };
    const unnamed = { ...world.purchase(), endpoint: strict };
    expect(codeOf(await world.take(unnamed))).toBe('payment_identifier_required');
    expect(await world.take({ ...before, endpoint: strict })).toMatchObject({ kind: 'served', isReplay: true });
    expect(await world.take({ ...named(world), endpoint: strict })).toMatchObject({ kind: 'served', isReplay: false });
    expect(await payments(world)).toHaveLength(2);
  });
});
