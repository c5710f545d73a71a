import { beforeEach, describe, expect, it } from 'vitest';
import { txOf } from '../test/chain-txs.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { useRemotes } from '../test/remotes.js';
import { useWorlds } from '../test/use-worlds.js';
import { attempts, discrepancies, ledger, paymentOf, story } from '../test/world-view.js';
import type { FacilitatorScript } from './mock-facilitator.js';

const { open } = useWorlds();
const remotes = useRemotes();

/** A world that settles through one remote facilitator, which does what the script says. */
async function openWith(script: FacilitatorScript, changes: Parameters<typeof remotes.add>[1] = {}) {
  const world = await open();
  const mock = await remotes.add(world, changes);
  mock.otherwise = script;
  return { world, mock };
}

async function rawReasonOf(world: PaymentWorld): Promise<string | null> {
  return only((await paymentOf(world)).attempts).rawReason;
}

describe('a payment through a remote facilitator', () => {
  it.each(['ok', 'slow'] as const)('is served on its word, and booked by the chain: %s', async (script) => {
    const { world, mock } = await openWith(script);
    const purchase = await world.buy();
    const sent = only((await paymentOf(world)).attempts);
    expect(sent).toMatchObject({
      status: 'submitted',
      gasNonce: null,
      signedTx: null,
      facilitatorId: expect.any(String),
    });
    await world.finalize();
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'final']);
    expect(mock.settled).toHaveLength(1);
    expect(mock.settled[0]).not.toContain('inv_');
    expect(world.parts.settlement.sent).toEqual([]);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(mock.settled).toHaveLength(1);
  });

  it.each([
    ['delayed', 'pending: settlement_pending'],
    ['declined_then_sent', 'refused: invalid_transaction_state'],
    ['lost_reply', 'reset'],
    ['silent_after_send', 'timeout'],
    ['double_answer', 'garbage'],
    ['other_payer', 'echo_mismatch: payer'],
  ] as const)('is unknown when the answer is %s, and the chain closes it: paid once, served', async (script, said) => {
    const { world, mock } = await openWith(script);
    const purchase = world.purchase();
    expect(await world.take(purchase)).toMatchObject({
      kind: 'unknown',
      code: 'payment_outcome_unknown',
      receipt: { isSuccess: false, errorReason: 'settlement_pending' },
    });
    expect(await rawReasonOf(world)).toBe(said);
    // Another signature for the same request is not taken while this one is in doubt.
    expect(codeOf(await world.take(world.purchase()))).toBe('earlier_payment_unknown');
    await remotes.broadcast(mock);
    await world.finalize();
    expect(story(await paymentOf(world, purchase))).toEqual(['processing', 'unknown', 'confirmed', 'final']);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(world.upstream.calls).toHaveLength(1);
    expect(await ledger(world)).toHaveLength(2);
  });

  it.each(['declined', 'lost_payment', 'garbage', 'redirect', 'busy'] as const)(
    'is unknown when the answer is %s, and fails by proof alone: nobody paid',
    async (script) => {
      const { world } = await openWith(script);
      const purchase = world.purchase();
      expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
      await world.finalize();
      expect(attempts(await paymentOf(world))).toEqual(['unknown']);
      world.chain.skipSeconds(400);
      await world.mine(14);
      expect(await remotes.resolve(world)).toBe(1);
      expect(attempts(await paymentOf(world))).toEqual(['failed authorization_expired']);
      expect(await world.take(purchase)).toMatchObject({ kind: 'failed', reason: 'authorization_expired' });
      expect(await ledger(world)).toEqual([]);
    },
  );

  it('is not served for a transaction that our own node knows as another one (A08)', async () => {
    const { world, mock } = await openWith('ok');
    await world.buy({ payer: 'somebody' });
    await world.mine();
    const { txHash } = only((await paymentOf(world)).attempts);
    remotes.tellOldTx(`${txHash}`);
    mock.otherwise = 'old_tx';
    const lied = world.purchase({ payer: 'victim' });
    expect(codeOf(await world.take(lied))).toBe('payment_outcome_unknown');
    const [attempt] = (await paymentOf(world, lied)).attempts;
    expect(attempt).toMatchObject({ rawReason: `tx_mismatch: ${txHash}`, txHash: null });
  });

  it('that was made up is in doubt when no block shows it, and a loss once it cannot come any more (A08)', async () => {
    const { world } = await openWith('made_up_tx');
    await world.buy();
    await world.age(61_000);
    await world.sweep();
    expect(attempts(await paymentOf(world))).toEqual(['unknown']);
    expect(await discrepancies(world)).toEqual(['served_not_paid']);
    world.chain.skipSeconds(400);
    await world.mine(14);
    expect(await remotes.resolve(world)).toBe(1);
    expect(await discrepancies(world)).toEqual(['served_not_paid: loss']);
    expect(await ledger(world)).toHaveLength(1);
  });
});

describe('the hash that a facilitator names', () => {
  it('is replaced by the one that the chain shows, and kept beside it', async () => {
    const { world } = await openWith('made_up_tx');
    const purchase = await world.buy();
    const claimed = only((await paymentOf(world, purchase)).attempts).txHash;
    const shown = txOf('front', { kind: 'authorize', authorization: purchase.presented.authorization });
    world.chain.submit(shown);
    await world.finalize();
    const { attempts: tried, intent, events } = await paymentOf(world, purchase);
    expect(claimed).toMatch(/^0x[0-9a-f]{64}$/);
    expect(only(tried)).toMatchObject({ status: 'final', txHash: shown.txHash, claimedTxHash: claimed });
    expect(events.find(({ type }) => type === 'payment_intent.confirmed')?.evidence).toMatchObject({
      txHash: shown.txHash,
      claimedTxHash: claimed,
    });
    expect(intent.status).toBe('final');
  });
});

describe('a buyer who waits', () => {
  it('has the same bytes sent to the same facilitator, five seconds apart, five times at most (A06)', async () => {
    const { world, mock } = await openWith('lost_payment');
    const purchase = world.purchase();
    await world.take(purchase);
    await world.take(purchase);
    expect(mock.settled).toHaveLength(1);
    const other = await remotes.add(world, { position: 0 });
    for (let again = 0; again < 7; again += 1) {
      await world.age(5_001);
      await remotes.isReady(world);
      expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    }
    expect(mock.settled).toHaveLength(6);
    expect(new Set(mock.settled).size).toBe(1);
    expect(other.settled).toEqual([]);
  });

  it('is served as soon as a resend is answered well', async () => {
    const { world, mock } = await openWith('lost_payment');
    const purchase = world.purchase();
    await world.take(purchase);
    mock.otherwise = 'ok';
    await world.age(5_001);
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(attempts(await paymentOf(world))).toEqual(['submitted']);
    expect(world.upstream.calls).toHaveLength(1);
  });
});

describe('who settles', () => {
  it('is the first that is there; one that is away is passed over before anything is sent', async () => {
    const { world, mock } = await openWith('ok');
    const backup = await remotes.add(world, { position: 9 });
    mock.isDown = true;
    await remotes.isAway(world, 0);
    await world.buy();
    expect(mock.settled).toEqual([]);
    expect(backup.settled).toHaveLength(1);
  });

  it('is nobody when the only one is away: nothing is claimed, nothing runs', async () => {
    const { world, mock } = await openWith('ok');
    mock.isDown = true;
    await remotes.isAway(world, 0);
    expect(codeOf(await world.take(world.purchase()))).toBe('settlement_unavailable');
    expect(await world.db.rows('select from attempts')).toEqual([]);
    expect(world.upstream.calls).toEqual([]);
  });

  it('is asked first for its opinion where it is set to be, and a refusal then releases the claim', async () => {
    const { world, mock } = await openWith('declined', { verifiesFirst: true });
    expect(codeOf(await world.take(world.purchase()))).toBe('verification_refused');
    expect(attempts(await paymentOf(world))).toEqual(['failed verification_refused']);
    expect(await rawReasonOf(world)).toBe('insufficient_funds');
    expect(mock.settled).toEqual([]);
  });
});

describe('a facilitator whose refusals are trusted', () => {
  let world: PaymentWorld;
  beforeEach(async () => {
    ({ world } = await openWith('declined', { trustsRefusals: true }));
  });

  it('ends a payment by its word, and the key stays taken', async () => {
    const purchase = world.purchase();
    expect(await world.take(purchase)).toMatchObject({ kind: 'failed', reason: 'insufficient_funds' });
    expect(attempts(await paymentOf(world))).toEqual(['failed insufficient_funds']);
    expect(story(await paymentOf(world))).toEqual(['processing', 'failed']);
    expect(await world.db.rows('select from replay_keys')).toHaveLength(1);
    expect(await world.take(purchase)).toMatchObject({ kind: 'failed' });
  });

  it('is found out when the transfer comes all the same', async () => {
    const purchase = world.purchase();
    await world.take(purchase);
    const { authorization } = purchase.presented;
    world.chain.submit({ txHash: `0x${'1a'.repeat(32)}`, actions: [{ kind: 'authorize', authorization }] });
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['late']);
  });
});

describe('a payload that cannot be read any more', () => {
  it('leaves a payment that was sent in doubt when it shall be sent again, and invites no other', async () => {
    const { world, mock } = await openWith('silent_after_send');
    const purchase = world.purchase();
    expect(codeOf(await world.take(purchase))).toBe('payment_outcome_unknown');
    await world.age(6_000);
    const { store } = world.gate.deps;
    const sealedPayload = () => Promise.reject(new Error('the data key is another one'));
    const blind = { ...world.gate, deps: { ...world.gate.deps, store: { ...store, sealedPayload } } };
    expect(await world.take(purchase, blind)).toMatchObject({ kind: 'unknown', code: 'payment_outcome_unknown' });
    expect(world.parts.failures.splice(0)).toEqual([
      expect.objectContaining({ message: 'the data key is another one' }),
    ]);
    expect(mock.settled).toHaveLength(1);
    await world.finalize();
    expect(bodyOf(await world.take(purchase))).toBe('sunny');
    expect(attempts(await paymentOf(world))).toEqual(['final']);
  });
});
