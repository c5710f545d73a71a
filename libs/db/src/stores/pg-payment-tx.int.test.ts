import type { AttemptRecord } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClaim, createPaymentWorld, gasSigner, newUuid, type PaymentWorld } from '../../test/payment-world.js';

let world: PaymentWorld;

beforeAll(async () => {
  world = await createPaymentWorld();
});

afterAll(async () => {
  await world?.end();
});

async function claimed(input = buildClaim()): Promise<AttemptRecord> {
  const result = await world.payments.claim(input);
  if (result.kind !== 'claimed') throw new Error(`the claim was ${result.kind}`);
  return result.attempt;
}

describe('one dbTx', () => {
  it('keeps nothing when the work throws', async () => {
    const attempt = await claimed();
    const work = world.payments.inBook(1, async (tx) => {
      await tx.saveAttempts([{ previous: attempt, next: { ...attempt, status: 'verified' } }]);
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect((await world.payments.attempt(1, attempt.attemptId))?.status).toBe('claimed');
  });

  it('refuses to commit what a failed statement left behind', async () => {
    const attempt = await claimed();
    const work = world.payments.inBook(1, async (tx) => {
      await tx.saveAttempts([{ previous: attempt, next: { ...attempt, status: 'final' } }]).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('the transaction had failed before its commit');
  });

  it('forgets the signed payload once the attempt is final', async () => {
    const attempt = await claimed();
    await world.payments.inBook(1, async (tx) => {
      let previous = attempt;
      for (const status of ['submitting', 'confirmed', 'final'] as const) {
        const next = { ...previous, status, sentAtMs: previous.sentAtMs ?? tx.nowMs };
        expect(await tx.saveAttempts([{ previous, next }])).toBe(1);
        previous = next;
      }
    });
    const rows = await world.rows('select status, payload_sealed from attempts where attempt_id = $1', [
      attempt.attemptId,
    ]);
    expect(rows).toEqual([{ status: 'final', payload_sealed: null }]);
  });

  it('starts again when two of them wait for each other, so that both end', async () => {
    const [one, two] = [await claimed(), await claimed()];
    let runs = 0;
    let arrived = 0;
    let meet = () => {};
    const bothLocked = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const lockBoth = (first: AttemptRecord, second: AttemptRecord) =>
      world.payments.inBook(1, async (tx) => {
        runs += 1;
        await tx.lockIntents([first]);
        arrived += 1;
        if (arrived === 2) meet();
        await bothLocked;
        return (await tx.lockIntents([second])).length;
      });
    expect(await Promise.all([lockBoth(one, two), lockBoth(two, one)])).toEqual([1, 1]);
    expect(runs).toBeGreaterThan(2);
  });

  it('shows and changes nothing of another book', async () => {
    const mine = await claimed();
    const theirs = await claimed(buildClaim({ attempt: { bookId: 2 } }));
    await world.payments.inBook(1, async (tx) => {
      expect(await tx.lockIntents([theirs])).toEqual([]);
      const changes = [mine, theirs].map((previous) => ({ previous, next: { ...previous, rawReason: 'touched' } }));
      expect(await tx.saveAttempts(changes)).toBe(1);
      await tx.releaseReplayKeys([theirs]);
    });
    expect(await world.payments.attempt(1, theirs.attemptId)).toBeNull();
    expect(await world.payments.attempt(2, theirs.attemptId)).toMatchObject({ rawReason: null });
    const foreign = world.payments.inBook(1, (tx) =>
      tx.openDiscrepancies([
        {
          bookId: 2,
          kind: 'paid_not_served',
          subjectId: theirs.attemptId,
          intentId: null,
          transferId: null,
          amountAtomic: 1n,
        },
      ]),
    );
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
  });

  it('counts events up one by one where a batch told several', async () => {
    const attempt = await claimed();
    await world.payments.inBook(1, async (tx) => {
      const [intent] = await tx.lockIntents([attempt]);
      if (!intent) throw new Error('the intent is gone');
      await tx.saveIntents([{ ...intent, status: 'processing', sequence: 3 }]);
      await tx.saveIntents([{ ...intent, status: 'processing', sequence: 4 }]);
    });
    const [row] = await world.rows('select status, sequence from payment_intents where intent_id = $1', [
      attempt.intentId,
    ]);
    expect(row).toEqual({ status: 'processing', sequence: 4 });
  });

  it('keeps an answer until its attempt failed or its time is over', async () => {
    const { bookId, attemptId } = await claimed();
    const answer = {
      bookId,
      attemptId,
      httpStatus: 200,
      headersSealed: Uint8Array.of(1),
      bodySealed: Uint8Array.of(2, 3),
      expiresAtMs: Date.now() + 60_000,
    };
    await world.payments.inBook(bookId, (tx) => tx.saveAnswers([answer]));
    await world.payments.inBook(bookId, (tx) => tx.saveAnswers([{ ...answer, httpStatus: 201 }]));
    expect(await world.payments.storedAnswer(bookId, attemptId)).toEqual({ ...answer, httpStatus: 201 });
    expect(await world.payments.storedAnswer(2, attemptId)).toBeNull();
    await world.payments.inBook(bookId, (tx) => tx.saveAnswers([{ ...answer, expiresAtMs: Date.now() - 1 }]));
    expect(await world.payments.storedAnswer(bookId, attemptId)).toBeNull();
  });

  it('draws each gas nonce once, and gives it back with its dbTx', async () => {
    const draws = Array.from({ length: 8 }, () =>
      world.payments.inBook(1, (tx) => tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner })),
    );
    const nonces = (await Promise.all(draws)).map((drawn) => drawn.nonce).sort((a, b) => Number(a - b));
    expect(nonces).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    const undone = world.payments.inBook(1, async (tx) => {
      expect((await tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner })).nonce).toBe(8n);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(
      (await world.payments.inBook(1, (tx) => tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner }))).nonce,
    ).toBe(8n);
  });

  it('writes events with their bodies and outbox rows', async () => {
    const { bookId, intentId } = await claimed();
    const event = {
      bookId,
      eventId: newUuid(),
      type: 'payment_intent.processing' as const,
      intentId,
      sequence: 1,
      fromStatus: 'open' as const,
      toStatus: 'processing' as const,
      causeId: null,
      evidence: { quote: '"\\', list: [1, null] },
      body: '{"amount":"1 €"}',
    };
    await world.payments.inBook(bookId, (tx) => tx.addEvents([event]));
    const rows = await world.rows(
      `select e.type, e.sequence, e.evidence, b.body, e.body_hash = sha256(convert_to(b.body, 'UTF8')) as is_hashed,
         exists (select from outbox o where o.event_id = e.event_id) as is_out
       from events e join event_bodies b using (book_id, event_id) where e.event_id = $1`,
      [event.eventId],
    );
    expect(rows).toEqual([
      { type: event.type, sequence: 1, evidence: event.evidence, body: event.body, is_hashed: true, is_out: true },
    ]);
  });
});
