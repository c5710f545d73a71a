import { asciiBytes } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';
import { resolveUnknown } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { pause } from '../test/pause.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { addWallet, tillAddress } from '../test/world-shop.js';
import { attempts, discrepancies, ledger, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const ann = addressOf('ann');

async function looseEvents(world: PaymentWorld): Promise<string[]> {
  const rows = await world.db.rows<{ type: string }>('select type from events where intent_id is null');
  return rows.map(({ type }) => type);
}

describe('money that no payment names', () => {
  it('is booked as a liability, put on record and told', async () => {
    const world = await open();
    world.chain.submit(txOf('gift', transferAction(ann, tillAddress, 700n)));
    await world.mine(3);
    expect(await ledger(world)).toEqual(['unmatched_confirmed wallet unmatched 700']);
    expect(await discrepancies(world)).toEqual(['unmatched']);
    expect(await looseEvents(world)).toEqual(['transfer.unmatched']);
    await world.finalize();
    expect(await ledger(world)).toHaveLength(1);
  });

  it('leaves the books when it leaves the wallet, and stays in them when it moves between wallets', async () => {
    const world = await open();
    const safe = `0x${'5a'.repeat(20)}`;
    await addWallet(world.db.setup, world.book.bookId, safe);
    world.chain.submit(txOf('gift', transferAction(ann, tillAddress, 700n)));
    world.chain.submit(txOf('move', transferAction(tillAddress, safe, 300n)));
    world.chain.submit(txOf('sweep', transferAction(tillAddress, ann, 100n)));
    await world.finalize();
    expect(await ledger(world)).toEqual([
      'unmatched_confirmed wallet unmatched 700',
      'self_confirmed wallet wallet 300',
      'sweep_confirmed assets:external:unlabelled wallet 100',
    ]);
    // It went to somebody who had paid, and nobody had said that it would.
    expect(await discrepancies(world)).toEqual(['unmatched', 'unmatched_outflow']);
  });

  it('stays where it is when a wallet sends it to itself, which keeps nothing behind it from the books', async () => {
    const world = await open();
    world.chain.submit(txOf('gift', transferAction(ann, tillAddress, 700n)));
    world.chain.submit(txOf('circle', transferAction(tillAddress, tillAddress, 300n)));
    await world.mine(3);
    expect(await ledger(world)).toEqual([
      'unmatched_confirmed wallet unmatched 700',
      'self_confirmed wallet equity:self_funding 300',
      'self_confirmed equity:self_funding wallet 300',
    ]);
    const dropped = world.chain.reorg(3);
    world.chain.mine();
    world.chain.submit(...dropped);
    await world.finalize();
    expect(await world.proofDifferences()).toEqual([0n]);
  });

  it('is told for each of two transfers in one transaction, and for none of nothing', async () => {
    const world = await open();
    const twice = [transferAction(ann, tillAddress, 300n), transferAction(ann, tillAddress, 300n)];
    world.chain.submit(txOf('twice', ...twice), txOf('nothing', transferAction(ann, tillAddress, 0n)));
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['unmatched', 'unmatched']);
    expect(await ledger(world)).toHaveLength(2);
    expect(await world.db.rows('select from transfers')).toHaveLength(3);
  });

  it('is what a transaction brings that left its watched wallet out, as the proof of the books shows', async () => {
    const world = await open();
    world.node.dropsLogs = true;
    world.chain.submit(txOf('gift', transferAction(ann, tillAddress, 700n)));
    await world.mine(3);
    expect(await world.proofDifferences()).toEqual([700n]);
    // Nothing but a second source can tell: the node proved that it had the range.
    world.isSound = false;
  });
});

describe('transfers of payments', () => {
  it('pay both of two payments that one transaction carries out', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'accepted', isBroadcast: false };
    const purchases = [await world.buy({ payer: 'ann' }), await world.buy({ payer: 'bob' })];
    const actions = purchases.map(
      ({ presented }) => ({ kind: 'authorize', authorization: presented.authorization }) as const,
    );
    world.chain.submit(txOf('bundle', ...actions));
    await world.finalize();
    const paid = await payments(world);
    expect(paid.map(story)).toEqual([0, 1].map(() => ['processing', 'confirmed', 'final']));
    expect(paid.map(({ intent }) => intent.invoiceNo).sort()).toEqual([1, 2]);
    expect(await discrepancies(world)).toEqual([]);
  });

  it.each([
    ['in a later block', 3],
    ['in the same block', 0],
  ])('pay once however often they come: more is a duplicate, %s', async (_name, blocks) => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine(blocks);
    world.chain.submit(txOf('again', forcedAction(purchase.presented.authorization)));
    await world.finalize();
    const detail = await paymentOf(world, purchase);
    expect(story(detail)).toEqual(['processing', 'confirmed', 'duplicate', 'final']);
    expect(await ledger(world)).toContain('duplicate_confirmed wallet overpayment 10000');
    expect(await discrepancies(world)).toEqual(['duplicate']);
  });

  it('that come after the chain proved they cannot are late, and the payment stays failed', async () => {
    const world = await open();
    const purchase = await failedPurchase(world);
    world.chain.submit(txOf('late', forcedAction(purchase.presented.authorization)));
    await world.finalize();
    const detail = await paymentOf(world, purchase);
    expect(attempts(detail)).toEqual(['failed authorization_expired']);
    expect(story(detail)).toEqual(['processing', 'unknown', 'failed', 'late']);
    expect(await ledger(world)).toEqual(['late_confirmed wallet overpayment 10000']);
    expect(await discrepancies(world)).toEqual(['late']);
  });

  it('of another amount under the same nonce pay nothing', async () => {
    const world = await open();
    world.parts.settlement.otherwise = { says: 'uncertain', isBroadcast: false };
    const purchase = world.purchase();
    await world.take(purchase);
    const { authorization } = purchase.presented;
    world.chain.submit(txOf('cheap', forcedAction({ ...authorization, valueAtomic: 1n })));
    await world.finalize();
    expect(attempts(await paymentOf(world))).toEqual(['unknown']);
    expect(await ledger(world)).toEqual(['unmatched_confirmed wallet unmatched 1']);
  });

  it.each([
    ['short', 9_000n, ['partial_confirmed wallet pending 9000'], 'processing'],
    [
      'over',
      11_000n,
      ['payment_confirmed wallet pending 10000', 'overpayment_confirmed wallet overpayment 1000'],
      'confirmed',
    ],
  ] as const)('that were shown by hash pay as far as they go: %s', async (kind, amountAtomic, entries, status) => {
    const world = await open();
    const tx = txOf('shown', transferAction(ann, tillAddress, amountAtomic));
    await showTransfer(world, tx.txHash);
    world.chain.submit(tx);
    await world.mine(3);
    const detail = await paymentOf(world);
    expect(await ledger(world)).toEqual(entries);
    expect(await discrepancies(world)).toEqual([kind]);
    expect(story(detail).at(-1)).toBe(kind);
    expect(detail.intent.status).toBe(status);
  });
});

describe('a transfer that somebody else broadcast while its claim was worked on', () => {
  it.each([
    ['confirmed', 3, ['processing', 'confirmed', 'final']],
    ['final', 16, ['processing', 'confirmed', 'final']],
  ] as const)(
    'is unmatched until its payment is sent, and pays it then, also when it is %s',
    async (_name, depth, told) => {
      const world = await open();
      const work = pause();
      world.upstream.next.push(async () => {
        work.reach();
        await work.released;
        return answered();
      });
      const purchase = world.purchase();
      const taking = world.take(purchase);
      await work.reached;
      world.chain.submit(txOf('front', { kind: 'authorize', authorization: purchase.presented.authorization }));
      await world.mine(depth);
      expect(await discrepancies(world)).toEqual(['unmatched']);
      work.release();
      expect(bodyOf(await taking)).toBe('sunny');
      await world.finalize();
      const detail = await paymentOf(world, purchase);
      expect(story(detail)).toEqual(told);
      expect(detail.attempts[0]?.txHash).toBe(txOf('front').txHash);
      expect(await discrepancies(world)).toEqual(['unmatched: matched']);
      expect(await ledger(world)).toEqual([
        'unmatched_confirmed wallet unmatched 10000',
        'payment_confirmed wallet pending 10000',
        'unmatched_confirmed_reversed unmatched wallet 10000',
        'payment_final pending income 10000',
      ]);
    },
  );
});

/** A payment that the chain has proved to be impossible. */
async function failedPurchase(world: PaymentWorld) {
  world.parts.settlement.otherwise = { says: 'uncertain', isBroadcast: false };
  const purchase = world.purchase();
  expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
  world.chain.skipSeconds(600);
  await world.finalize();
  expect(await resolveUnknown(world.worker, await world.sweepLease())).toEqual({
    looked: 1,
    failed: 1,
    waitingFor: [],
  });
  return purchase;
}

/** An intent with an attempt of kind `transfer`, as it will be once buyers may show a transaction's hash. */
async function showTransfer(world: PaymentWorld, txHash: string): Promise<void> {
  world.upstream.next.push(() => answered(500));
  await world.take(world.purchase({ payer: 'ann' }));
  const { attemptId } = only(only(await payments(world)).attempts);
  const replayKey = testCrypto('shown').sha256(asciiBytes(`tx/${txHash}/0`));
  const [born] = await world.db.rows<{ attempt_id: string }>(
    `insert into attempts (book_id, attempt_id, intent_id, network_id, asset_id, replay_key, kind, scheme, payer,
       amount_atomic, request_fingerprint, client_net, status, tx_hash, submitted_at)
     select book_id, gen_random_uuid(), intent_id, network_id, asset_id, $2, 'transfer', scheme, payer,
       amount_atomic, request_fingerprint, client_net, 'submitted', decode($3, 'hex'), now()
     from attempts where attempt_id = $1 returning attempt_id`,
    [attemptId, Buffer.from(replayKey), txHash.slice(2)],
  );
  await world.db.rows(
    `insert into replay_keys (book_id, network_id, replay_key, attempt_id)
     select book_id, network_id, replay_key, attempt_id from attempts where attempt_id = $1`,
    [born?.attempt_id],
  );
  // What the claim of a shown transaction will tell.
  await world.db.rows(`update payment_intents set status = 'processing', sequence = 1`);
  await world.db.rows(
    `insert into events (book_id, event_id, type, intent_id, sequence, from_status, to_status, body_hash)
     select book_id, gen_random_uuid(), 'payment_intent.processing', intent_id, 1, 'open', 'processing', $1
     from payment_intents`,
    [Buffer.from(replayKey)],
  );
}
