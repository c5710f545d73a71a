import type { AttemptRecord, AttemptState } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildClaim,
  buildTransfer,
  createPaymentWorld,
  gasSigner,
  newUuid,
  type PaymentWorld,
  walletOf,
} from '../../test/payment-world.js';
import { listenForConfig } from '../listen-for-config.js';

let world: PaymentWorld;

beforeAll(async () => {
  world = await createPaymentWorld();
});

afterAll(async () => {
  await world?.end();
});

const minuteMs = 60_000;

/** An attempt brought by hand to where a test needs it; times are milliseconds ago. */
async function attemptAt(
  status: AttemptRecord['status'],
  changes: Partial<AttemptState> = {},
  leaseMs = 70_000,
  bookId = 1,
): Promise<string> {
  const input = buildClaim({ leaseMs, attempt: { bookId } });
  const result = await world.payments.claim(input);
  if (result.kind !== 'claimed') throw new Error('the claim is the first');
  const nowMs = await world.sweep.nowMs();
  const path: AttemptRecord['status'][] =
    status === 'claimed' ? [] : status === 'submitting' ? ['submitting'] : ['submitting', status];
  let previous = result.attempt;
  await world.payments.inBook(bookId, async (tx) => {
    for (const step of path) {
      const next = { ...previous, sentAtMs: nowMs - minuteMs, ...changes, status: step };
      expect(await tx.saveAttempts([{ previous, next }])).toBe(1);
      previous = next;
    }
  });
  return input.attempt.attemptId;
}

async function idsOf(list: Promise<readonly AttemptRecord[]>): Promise<string[]> {
  return (await list).map((attempt) => attempt.attemptId).sort();
}

describe('what is due', () => {
  it('lists lapsed claims and lapsed submissions of every book, nothing that is still worked on', async () => {
    await attemptAt('claimed');
    await attemptAt('submitting');
    const claims = [await attemptAt('claimed', {}, -1), await attemptAt('claimed', {}, -1, 2)];
    const submission = await attemptAt('submitting', {}, -1);
    expect(await idsOf(world.sweep.lapsedClaims(10))).toEqual(claims.sort());
    expect(await idsOf(world.sweep.lapsedClaims(1))).toHaveLength(1);
    expect(await idsOf(world.sweep.lapsedSubmissions(10))).toEqual([submission]);
  });

  it('lists submissions that no block shows, and our own transactions to be sent again', async () => {
    const nowMs = await world.sweep.nowMs();
    const gas = await world.payments.inBook(1, (tx) =>
      tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner }),
    );
    const signed = { gasSignerId: gas.gasSignerId, gasNonce: gas.nonce, signedTx: Uint8Array.of(1) };
    const old = { sentAtMs: nowMs - 5 * minuteMs, submittedAtMs: nowMs - 5 * minuteMs };
    const unseen = await attemptAt('submitted', { ...old, ...signed });
    await attemptAt('submitted', { sentAtMs: nowMs, submittedAtMs: nowMs });
    expect(await idsOf(world.sweep.unseenSubmissions(4 * minuteMs, 10))).toEqual([unseen]);
    expect(await idsOf(world.sweep.rebroadcastable(4 * minuteMs, 10))).toEqual([unseen]);
    await world.sweep.markResent([{ bookId: 1, attemptId: unseen }]);
    expect(await world.payments.attempt(1, unseen)).toMatchObject({ resentCount: 1 });
    expect(await idsOf(world.sweep.rebroadcastable(4 * minuteMs, 10))).toEqual([]);

    const attempt = await world.payments.attempt(1, unseen);
    const lease = await world.chain.takeLease('sweep', 'test', minuteMs);
    if (!lease || !attempt) throw new Error('the lease is free and the attempt is there');
    await world.chain.underLease(lease, async (tx) => {
      const at = { number: 10n, hash: `0x${'0'.repeat(64)}` };
      await tx.createCursor({ network: attempt.network, head: at, confirmed: at, final: at, frozenReason: null });
      await tx.insertTransfers([buildTransfer({ blockNumber: 11n })], [walletOf(1)]);
    });
    expect(await idsOf(world.sweep.unseenSubmissions(4 * minuteMs, 10))).toEqual([unseen]);
    await world.rows(
      `insert into transfers (book_id, transfer_id, network_id, block_number, block_hash, block_time, tx_hash, position,
         asset_id, from_address, to_address, to_wallet_id, amount_atomic, replay_key)
       select book_id, $1, network_id, 11, block_hash, block_time, $2, 1, asset_id, from_address, to_address, to_wallet_id,
         amount_atomic, $2 from transfers limit 1`,
      [newUuid(), Buffer.from(attempt.replayKeyHash)],
    );
    expect(await idsOf(world.sweep.unseenSubmissions(4 * minuteMs, 10))).toEqual([]);
  });

  it('keeps every replacement of a transaction, one a number, and finds its payment by it', async () => {
    const gas = await world.payments.inBook(1, (tx) =>
      tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner }),
    );
    const nowMs = await world.sweep.nowMs();
    const signed = { gasSignerId: gas.gasSignerId, gasNonce: gas.nonce, signedTx: Uint8Array.of(1) };
    const attemptId = await attemptAt('submitted', { sentAtMs: nowMs, ...signed });
    const key = { bookId: 1, attemptId };
    const made = (number: number, fill: string) => {
      return { ...key, number, txHash: `0x${fill.repeat(32)}`, signedTx: Uint8Array.of(number) };
    };
    expect(await world.sweep.addReplacement(made(1, 'a1'))).toBe(true);
    expect(await world.sweep.addReplacement(made(1, 'a2'))).toBe(false);
    expect(await world.sweep.addReplacement(made(2, 'a3'))).toBe(true);
    expect(await world.sweep.replacements([key])).toMatchObject([made(1, 'a1'), made(2, 'a3')]);
    expect(await world.sweep.replacements([])).toEqual([]);
    await expect(world.rows('update gas_replacements set number = 9')).rejects.toThrow();
  });

  it('lists unknowns when their check has come, and lets it be put off while they are undecided', async () => {
    const nowMs = await world.sweep.nowMs();
    const due = await attemptAt('unknown', { checkAtMs: nowMs - 1 });
    await attemptAt('unknown', { checkAtMs: nowMs + minuteMs });
    expect(await idsOf(world.sweep.dueChecks(10))).toEqual([due]);
    await world.sweep.postponeCheck({ bookId: 1, attemptId: due }, nowMs + minuteMs);
    expect(await idsOf(world.sweep.dueChecks(10))).toEqual([]);
    const failed = await attemptAt('failed', { reason: 'reverted' });
    await world.sweep.postponeCheck({ bookId: 1, attemptId: failed }, nowMs - 1);
    expect((await world.payments.attempt(1, failed))?.checkAtMs).toBeNull();
  });

  it('lists what was paid and not served, or served and not paid, until a record says so', async () => {
    const nowMs = await world.sweep.nowMs();
    const old = { sentAtMs: nowMs - 20 * minuteMs, submittedAtMs: nowMs - 20 * minuteMs };
    const paid = await attemptAt('submitted', old);
    const confirmed = await attemptAt('confirmed', { ...old, submittedAtMs: null });
    const served = await attemptAt('unknown', { ...old, servedAtMs: nowMs - 20 * minuteMs });
    await attemptAt('confirmed', { ...old, servedAtMs: nowMs - 20 * minuteMs });
    const list = () =>
      Promise.all([
        idsOf(world.sweep.paidNotServed(10 * minuteMs, 10)),
        idsOf(world.sweep.servedNotPaid(10 * minuteMs, 10)),
      ]);
    expect(await list()).toEqual([[paid, confirmed].sort(), [served]]);
    const draft = { bookId: 1, intentId: null, transferId: null, amountAtomic: 1n };
    await world.payments.inBook(1, (tx) =>
      tx.openDiscrepancies([
        { ...draft, kind: 'paid_not_served', subjectId: paid },
        { ...draft, kind: 'served_not_paid', subjectId: served },
      ]),
    );
    expect(await list()).toEqual([[confirmed], []]);
  });

  it('lists open intents that are over, unless a claim of theirs is running', async () => {
    const nowMs = await world.sweep.nowMs();
    const intents = [false, true, false].map((isRunning, at) => {
      const input = buildClaim({ intent: { expiresAtMs: nowMs - 60 * minuteMs + at } });
      return { isRunning, input };
    });
    for (const { isRunning, input } of intents) {
      const result = await world.payments.claim(input);
      if (isRunning || result.kind !== 'claimed') continue;
      const { attempt } = result;
      await world.payments.inBook(1, async (tx) => {
        const next = { ...attempt, status: 'failed' as const, reason: 'interrupted' as const };
        await tx.saveAttempts([{ previous: attempt, next: { ...next, releasedAtMs: tx.nowMs } }]);
      });
    }
    const over = intents.filter((each) => !each.isRunning).map(({ input }) => input.attempt.intentId);
    const listed = await world.sweep.overdueIntents(nowMs - 59 * minuteMs, 10);
    expect(listed).toEqual(over.map((intentId) => ({ bookId: 1, intentId })));
    expect(await world.sweep.overdueIntents(nowMs - 61 * minuteMs, 10)).toEqual([]);
  });
});

const byText = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));

describe('relayOutbox', () => {
  it('gives each book positions without holes, in the order of the outbox, each event once', async () => {
    const told = [1, 2, 1, 1, 2].map((bookId) => ({
      bookId,
      eventId: newUuid(),
      type: 'transfer.unmatched' as const,
      intentId: null,
      sequence: null,
      fromStatus: null,
      toStatus: null,
      causeId: null,
      evidence: null,
      body: '{}',
    }));
    const lease = await world.chain.takeLease('relay', 'test', minuteMs);
    if (!lease) throw new Error('the lease is free');
    await world.chain.underLease(lease, (tx) => tx.addEvents(told));
    const heads: unknown[] = [];
    const onFeed = (notice: unknown) => heads.push(notice);
    const listener = await listenForConfig(world.url, () => undefined, { onFeed });
    expect(await world.sweep.relayOutbox(2)).toBe(2);
    expect(await world.sweep.relayOutbox(500)).toBe(3);
    expect(await world.sweep.relayOutbox(500)).toBe(0);
    const notice = (bookId: number, position: number) => ({ bookId, position });
    await expect.poll(() => heads.toSorted(byText)).toEqual([notice(1, 1), notice(1, 3), notice(2, 1), notice(2, 2)]);
    await listener.close();
    for (const bookId of [1, 2]) {
      const feed = await world.rows(
        'select position::int as position, event_id from event_feed where book_id = $1 order by position',
        [bookId],
      );
      const expected = told.filter((event) => event.bookId === bookId);
      expect(feed).toEqual(expected.map((event, at) => ({ position: at + 1, event_id: event.eventId })));
    }
  });
});
