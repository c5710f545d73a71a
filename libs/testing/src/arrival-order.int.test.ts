import { type FakeChain, testAsset, testCrypto } from '@tollbook/testing';
import { expireIntents, openInvoice } from '@tollbook/usecases';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { newChain } from '../test/new-chain.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';
import { discrepancies, picture } from '../test/world-view.js';

const { open, close } = useWorlds();
const ann = addressOf('ann');
const steps = ['scan', 'reconcile', 'expire', 'index'] as const;
type Step = (typeof steps)[number];
type Scene = {
  readonly world: PaymentWorld;
  readonly chain: FakeChain;
  readonly sale: Parameters<typeof forcedAction>[0];
};

/** Blocks in their order: paid in time, twice, by a signature, just before the end, after it, and money that leaves. */
const blocks: readonly ((scene: Scene) => void)[] = [
  ({ chain }) => chain.submit(txOf('in time', transferAction(ann, tillAddress, 9_999n))),
  ({ chain, sale }) => chain.submit(txOf('signed', { kind: 'authorize', authorization: sale })),
  ({ chain, sale }) => {
    chain.submit(txOf('again', transferAction(ann, tillAddress, 9_999n)), txOf('forced', forcedAction(sale)));
  },
  ({ chain }) => chain.submit(txOf('last moment', transferAction(ann, tillAddress, 9_998n))),
  ({ chain }) => {
    chain.skipSeconds(2_000);
    chain.submit(txOf('too late', transferAction(ann, tillAddress, 9_997n)));
  },
  ({ chain }) => chain.submit(txOf('gift', transferAction(ann, tillAddress, 700n))),
  ({ chain }) => chain.submit(txOf('back', transferAction(tillAddress, ann, 300n))),
];

/** Opens four invoices, one of which nobody pays, and a sale whose transaction is on its way. */
async function openScene(startUnixSeconds: number): Promise<Scene> {
  const chain = newChain(startUnixSeconds);
  const world = await open({ chain, seed: 'order' });
  await world.index();
  const deps = {
    intents: world.db.intents,
    catalog: world.parts.catalog,
    formatAddress: (_: string, at: string) => at,
  };
  for (let at = 0; at < 4; at += 1) {
    const { invoiceBytes, terms } = world.offer();
    const [entry] = terms.networks;
    if (!entry) throw new Error('the offer names no network');
    const { endpointId, priceVersionId, number } = terms;
    const { network, walletId, amountAtomic } = entry;
    const asked = { network, walletId, amountAtomic, assetId: testAsset.assetId, endpointId, priceVersionId };
    const expiresAtMs = (startUnixSeconds + 300) * 1000;
    const invoice = {
      ...asked,
      bookId: world.book.bookId,
      mode: 'test' as const,
      invoiceId: invoiceBytes,
      expiresAtMs,
    };
    const crypto = testCrypto(`order ${at}`);
    await openInvoice({ ...deps, crypto }, { ...invoice, isStored: false, isInForce: true, termsNumber: number });
  }
  world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
  const { presented } = await world.buy({ payer: 'bob' });
  return { world, chain, sale: presented.authorization };
}

async function work(world: PaymentWorld, step: Step): Promise<void> {
  if (step === 'scan') await world.scan();
  else if (step === 'reconcile') await world.reconcile();
  else if (step === 'index') await world.index();
  else {
    // By our clock all of it is long over; only the chain's may say so.
    const nowMs = async () => Date.now() + 3_600_000;
    const later = { ...world.worker, sweep: { ...world.db.sweep, nowMs } };
    await expireIntents(later, await world.sweepLease());
  }
}

async function outcome(startUnixSeconds: number, plan: readonly (readonly Step[])[]) {
  const scene = await openScene(startUnixSeconds);
  const { world } = scene;
  for (const [at, block] of blocks.entries()) {
    block(scene);
    world.chain.mine();
    for (const step of plan[at] ?? []) await work(world, step);
  }
  await world.finalize();
  await work(world, 'expire');
  const { payments, ...books } = await picture(world);
  const statuses = await world.db.rows(
    `select reserved_atomic::text as asked, status from payment_intents order by reserved_atomic desc nulls last`,
  );
  const result = { books, statuses, discrepancies: await discrepancies(world), count: payments.length };
  await close(world);
  return result;
}

describe('the same facts of a chain', () => {
  it('end in the same books, in whatever order and how late they arrive', { timeout: 240_000 }, async () => {
    const startUnixSeconds = Math.floor(Date.now() / 1000);
    const expected = await outcome(startUnixSeconds, []);
    expect(expected.statuses).toEqual([
      { asked: '9999', status: 'final' },
      { asked: '9998', status: 'final' },
      { asked: '9997', status: 'expired' },
      { asked: '9996', status: 'expired' },
      { asked: null, status: 'final' },
    ]);
    expect(expected.discrepancies).toEqual(['duplicate', 'duplicate', 'late', 'unmatched', 'unmatched_outflow']);
    const plans = fc.array(fc.array(fc.constantFrom(...steps), { maxLength: 3 }), {
      minLength: blocks.length,
      maxLength: blocks.length,
    });
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        expect(await outcome(startUnixSeconds, plan)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});
