import { type RateOverride, toAllowedPayers } from '@tollbook/domain';
import { payerRefusal } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld, PurchaseChanges } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { payments } from '../test/world-view.js';

const { open } = useWorlds();

/** A purchase where only some may pay: at its endpoint, or (null) wherever there is no other list. */
function listed(world: PaymentWorld, names: readonly string[], changes: PurchaseChanges = {}, isEverywhere = false) {
  const purchase = world.purchase(changes);
  const endpointId = isEverywhere ? null : purchase.endpoint.endpointId;
  const allowedPayers = toAllowedPayers(names.map((name) => ({ endpointId, payer: addressOf(name) })));
  return { ...purchase, book: { ...purchase.book, allowedPayers } };
}

describe('an endpoint with a list of payers', () => {
  it.each([false, true])(
    'serves who is on it and refuses everybody else before a claim (everywhere: %s)',
    async (all) => {
      const world = await open();
      expect(bodyOf(await world.take(listed(world, ['buyer', 'friend'], {}, all)))).toBe('sunny');
      const stranger = listed(world, ['buyer', 'friend'], { payer: 'stranger' }, all);
      expect(codeOf(await world.take(stranger))).toBe('payer_not_allowed');
      expect(await payments(world)).toHaveLength(1);
      expect(world.upstream.calls).toHaveLength(1);
      expect(world.parts.settlement.sent).toHaveLength(1);
    },
  );

  it('tells nobody who is on it: a payment in another’s name is refused for its signature', async () => {
    const world = await open();
    const codes = [];
    for (const payer of ['buyer', 'stranger']) {
      codes.push(codeOf(await world.take(listed(world, ['buyer'], { payer, presented: { signature: '0xbad' } }))));
    }
    expect(codes).toEqual(['signature_invalid', 'signature_invalid']);
  });

  it('still answers what was paid before somebody was taken off it', async () => {
    const world = await open();
    const before = world.purchase();
    expect(bodyOf(await world.take(before))).toBe('sunny');
    const after = { ...before, book: listed(world, ['friend']).book };
    expect(bodyOf(await world.take(after))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
  });
});

it('who may not pay is told without a statement, for every form of payment: a block comes before a list', async () => {
  const world = await open();
  const payer = addressOf('buyer');
  const block: RateOverride = {
    subjectKind: 'payer',
    subject: payer,
    endpointId: null,
    decision: { action: 'block' },
    expiresAtMs: 1_000,
  };
  const { book, endpoint } = listed(world, ['buyer']);
  const blocked = { ...book, overrides: new Map([[payer, [block]]]) };
  expect(payerRefusal(book, endpoint, payer, 0)).toBeNull();
  expect(payerRefusal(blocked, endpoint, payer, 0)).toBe('payer_blocked');
  expect(payerRefusal(blocked, endpoint, payer, 2_000)).toBeNull();
  expect(payerRefusal(blocked, endpoint, addressOf('stranger'), 0)).toBe('payer_not_allowed');
});
