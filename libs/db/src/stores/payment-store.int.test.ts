import type { AttemptRecord, ClaimResult, IntentRecord, PaymentTx } from '@tollbook/usecases';
import { StoreUnavailable } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anotherOn,
  buildClaim,
  createPaymentWorld,
  gasSigner,
  hex,
  liveProcess,
  newUuid,
  only,
  type PaymentWorld,
} from '../../test/payment-world.js';
import { createPool } from '../connect.js';
import { createPaymentStore } from './payment-store.js';

let world: PaymentWorld;

beforeAll(async () => {
  world = await createPaymentWorld();
});

afterAll(async () => {
  await world?.end();
});

async function claimed(input = buildClaim()): Promise<AttemptRecord> {
  const result = await world.payments.claim(input);
  if (result.kind !== 'claimed') throw new Error(`the claim was ${JSON.stringify(result.kind)}`);
  return result.attempt;
}

/** Moves an attempt past its send, as T4 and T6 do. */
async function sent(attempt: AttemptRecord, status: 'submitting' | 'unknown'): Promise<AttemptRecord> {
  return world.payments.inBook(attempt.bookId, async (tx) => {
    const submitting = { ...attempt, status: 'submitting' as const, sentAtMs: tx.nowMs };
    expect(await tx.saveAttempts([{ previous: attempt, next: submitting }])).toBe(1);
    if (status === 'submitting') return submitting;
    const unknown = { ...submitting, status, checkAtMs: tx.nowMs };
    expect(await tx.saveAttempts([{ previous: submitting, next: unknown }])).toBe(1);
    return unknown;
  });
}

/** T3, as `releaseClaim` does. */
async function release(attempt: AttemptRecord): Promise<void> {
  await world.payments.inBook(attempt.bookId, async (tx) => {
    const next = { ...attempt, status: 'failed' as const, reason: 'interrupted' as const, releasedAtMs: tx.nowMs };
    expect(await tx.saveAttempts([{ previous: attempt, next }])).toBe(1);
    await tx.releaseReplayKeys([attempt]);
  });
}

async function countRows(): Promise<unknown> {
  const [row] = await world.rows(
    `select (select count(*)::int from replay_keys) as keys, (select count(*)::int from payment_intents) as intents,
       (select count(*)::int from attempts) as attempts`,
  );
  return row;
}

function kinds(results: readonly ClaimResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const kind = result.kind === 'refused' ? result.reason : result.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('claim', () => {
  it('takes key, intent and attempt, and tells them back as they were given', async () => {
    const input = buildClaim();
    const attempt = await claimed(input);
    expect(attempt).toMatchObject({
      ...input.attempt,
      createdAtMs: expect.any(Number),
      status: 'claimed',
      epoch: 1,
      leaseOwner: input.leaseOwner,
      sentAtMs: null,
      canBeTakenOver: false,
    });
    const { bookId, attemptId, intentId, replayKeyHash } = input.attempt;
    const found = await world.payments.attemptByReplayKey(bookId, input.attempt.network, replayKeyHash);
    expect(found).toEqual({ ...attempt, canBeTakenOver: true });
    expect(await world.payments.attempt(bookId, attemptId)).toEqual(found);
    expect(await world.payments.invoiceIdOf(bookId, intentId)).toEqual(input.intent.invoiceId);
    const [intent] = await world.payments.inBook(bookId, (tx) => tx.lockIntents([{ bookId, intentId }]));
    expect(intent).toMatchObject({ ...input.intent, status: 'open', sequence: 0, payer: input.attempt.payer });
    expect(intent?.attempts).toEqual([found]);
  });

  it('lets one of fifty identical claims win; the others learn of it and write nothing', async () => {
    const input = buildClaim();
    const before = await countRows();
    const results = await Promise.all(Array.from({ length: 50 }, () => world.payments.claim(input)));
    expect(kinds(results)).toEqual({ claimed: 1, existing: 49 });
    expect(await countRows()).toEqual(plusOne(before));
  });

  it('lets one of many claims of a payload without an invoice id win, though each brings an intent of its own', async () => {
    const input = buildClaim();
    const before = await countRows();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => {
        const attempt = { ...input.attempt, attemptId: newUuid(), intentId: newUuid() };
        return world.payments.claim(buildClaim({ attempt }));
      }),
    );
    expect(kinds(results)).toEqual({ claimed: 1, existing: 19 });
    expect(await countRows()).toEqual(plusOne(before));
  });

  it('lets one of many authorizations on one invoice win and tells each other payer that it is in progress', async () => {
    const input = buildClaim();
    const before = await countRows();
    const others = Array.from({ length: 20 }, () => anotherOn(input, { payer: hex(20) }));
    const results = await Promise.all([input, ...others].map((each) => world.payments.claim(each)));
    expect(kinds(results)).toEqual({ claimed: 1, invoice_in_progress: 20 });
    expect(await countRows()).toEqual(plusOne(before));
  });

  it('answers a second signature of the same payer for the same request from the first', async () => {
    const input = buildClaim();
    const first = await claimed(input);
    const result = await world.payments.claim(anotherOn(input));
    expect(result).toMatchObject({ kind: 'earlier', isSameInvoice: true, attempt: { attemptId: first.attemptId } });
  });

  it('refuses the same payer another request on one offer, and another payer one that is paid', async () => {
    const input = buildClaim();
    const first = await sent(await claimed(input), 'submitting');
    const elsewhere = anotherOn(input, { requestFingerprint: new Uint8Array(32) });
    expect(await world.payments.claim(elsewhere)).toEqual({ kind: 'refused', reason: 'offer_already_used' });
    await world.payments.inBook(1, async (tx) => {
      await tx.saveAttempts([{ previous: first, next: { ...first, status: 'submitted', submittedAtMs: tx.nowMs } }]);
    });
    const stranger = anotherOn(input, { payer: hex(20) });
    expect(await world.payments.claim(stranger)).toEqual({ kind: 'refused', reason: 'invoice_already_paid' });
  });

  it('refuses an invoice that was canceled or has expired', async () => {
    for (const [status, reason] of [
      ['canceled', 'invoice_canceled'],
      ['expired', 'offer_expired'],
    ] as const) {
      const input = buildClaim();
      await release(await claimed(input));
      await world.rows('update payment_intents set status = $2, sequence = sequence + 1 where intent_id = $1', [
        input.attempt.intentId,
        status,
      ]);
      const before = await countRows();
      expect(await world.payments.claim(anotherOn(input))).toEqual({ kind: 'refused', reason });
      expect(await countRows()).toEqual(before);
    }
  });

  it('answers a new signature from an earlier unknown payment of the request, under whatever invoice', async () => {
    const input = buildClaim();
    const unknown = await sent(await claimed(input), 'unknown');
    const { payer, requestFingerprint } = input.attempt;
    const before = await countRows();
    const again = await world.payments.claim(buildClaim({ attempt: { payer, requestFingerprint } }));
    expect(again).toMatchObject({
      kind: 'earlier',
      isSameInvoice: false,
      attempt: { attemptId: unknown.attemptId, status: 'unknown' },
    });
    expect(await countRows()).toEqual(before);
    expect((await world.payments.claim(buildClaim({ attempt: { payer } }))).kind).toBe('claimed');
    expect((await world.payments.claim(buildClaim({ attempt: { requestFingerprint } }))).kind).toBe('claimed');
  });

  it('lets another payer try an invoice after a release, and names whoever claimed last', async () => {
    const input = buildClaim();
    const { bookId, intentId } = input.attempt;
    await release(await claimed(input));
    const payer = hex(20);
    await claimed(anotherOn(input, { payer, requestFingerprint: new Uint8Array(32) }));
    const [intent] = await world.payments.inBook(bookId, (tx) => tx.lockIntents([{ bookId, intentId }]));
    expect(intent).toMatchObject({ payer, status: 'open', sequence: 0 });
    expect(intent?.attempts.map((attempt) => attempt.status)).toEqual(['failed', 'claimed']);
  });

  it('sells an invoice whose first try fixed another network by a fresh offer only', async () => {
    const input = buildClaim();
    await release(await claimed(input));
    const other = anotherOn(input);
    const dearer = { ...other, intent: { ...other.intent, amountAtomic: 20_000n } };
    expect(await world.payments.claim(dearer)).toEqual({ kind: 'refused', reason: 'offer_already_used' });
  });

  it('fails as a bug when one intent id comes with the terms of two invoices', async () => {
    const input = buildClaim();
    await release(await claimed(input));
    const other = buildClaim({ attempt: { intentId: input.attempt.intentId } });
    await expect(world.payments.claim(other)).rejects.toThrow('an invoice id always stands for the same terms');
  });

  it('takes a released payload again, and never one that was sent', async () => {
    const input = buildClaim();
    await release(await claimed(input));
    const { bookId, network, replayKeyHash } = input.attempt;
    expect(await world.payments.attemptByReplayKey(bookId, network, replayKeyHash)).toBeNull();
    const again = { ...input, attempt: { ...input.attempt, attemptId: newUuid() } };
    const second = await sent(await claimed(again), 'submitting');
    await expect(world.payments.inBook(1, (tx) => tx.releaseReplayKeys([second]))).rejects.toMatchObject({
      constraint: 'replay_keys_release_only',
    });
    expect((await world.payments.claim(input)).kind).toBe('existing');
  });
});

describe('take-over', () => {
  it('waits while the owner is seen and its lease runs', async () => {
    const attempt = await claimed(buildClaim({ leaseOwner: await liveProcess(world) }));
    expect((await world.payments.attempt(1, attempt.attemptId))?.canBeTakenOver).toBe(false);
    expect(await world.payments.takeOver(attempt, newUuid(), 1_000)).toBeNull();
  });

  it('raises the epoch once the lease lapsed, for one taker', async () => {
    const attempt = await claimed(buildClaim({ leaseOwner: await liveProcess(world), leaseMs: -1 }));
    const takers = await Promise.all([liveProcess(world), liveProcess(world), liveProcess(world)]);
    const taken = await Promise.all(takers.map((taker) => world.payments.takeOver(attempt, taker, 70_000)));
    const winners = taken.filter((each) => each !== null);
    expect(winners).toHaveLength(1);
    expect(winners[0]).toMatchObject({ epoch: 2, attemptId: attempt.attemptId, status: 'claimed' });
    expect(takers).toContain(winners[0]?.leaseOwner);
  });

  it('follows an owner that has not been seen for ten seconds', async () => {
    const owner = await liveProcess(world);
    const attempt = await claimed(buildClaim({ leaseOwner: owner }));
    await world.rows(`update gate_processes set seen_at = now() - interval '11 seconds' where boot_id = $1`, [owner]);
    expect((await world.payments.attempt(1, attempt.attemptId))?.canBeTakenOver).toBe(true);
    expect(await world.payments.takeOver(attempt, newUuid(), 1_000)).toMatchObject({ epoch: 2 });
  });

  it('fences whoever was taken over: its writes change nothing', async () => {
    const attempt = await claimed(buildClaim({ leaseMs: -1 }));
    const ours = await world.payments.takeOver(attempt, newUuid(), 70_000);
    expect(ours).not.toBeNull();
    const saved = await world.payments.inBook(1, (tx) =>
      tx.saveAttempts([{ previous: attempt, next: { ...attempt, status: 'submitting', sentAtMs: tx.nowMs } }]),
    );
    expect(saved).toBe(0);
    expect((await world.payments.attempt(1, attempt.attemptId))?.status).toBe('claimed');
  });
});

describe('claims that come together', () => {
  it('share a few commits, and each gets its own answer', async () => {
    const old = buildClaim();
    await claimed(old);
    const copy = buildClaim();
    const fresh = Array.from({ length: 30 }, () => buildClaim());
    const inputs = [...fresh, old, copy, copy, anotherOn(copy, { payer: hex(20) }), anotherOn(old, { payer: hex(20) })];
    const before = await countRows();
    const results = await Promise.all(inputs.map((input) => world.payments.claim(input)));
    expect(kinds(results)).toEqual({ claimed: 31, existing: 2, invoice_in_progress: 2 });
    for (const [at, input] of fresh.entries()) {
      const result = results[at];
      expect(result?.kind === 'claimed' && result.attempt.attemptId).toBe(input.attempt.attemptId);
    }
    expect(await countRows()).toEqual(plus(before, 31));
    const ids = fresh.map(({ attempt }) => attempt.attemptId);
    expect(await commitsOf('attempts', 'attempt_id', ids)).toBeLessThan(10);
  });

  it('have one winner each when two processes take the same ones, each in an order of its own', async () => {
    const other = createPaymentStore({ pool: world.appPool, catalog: world.catalog });
    const inputs = Array.from({ length: 60 }, () => buildClaim());
    const before = await countRows();
    const results = await Promise.all([
      ...inputs.map((input) => world.payments.claim(input)),
      ...inputs.toReversed().map(({ attempt, ...rest }) => {
        return other.claim({ ...rest, attempt: { ...attempt, attemptId: newUuid() } });
      }),
    ]);
    expect(kinds(results)).toEqual({ claimed: 60, existing: 60 });
    expect(await countRows()).toEqual(plus(before, 60));
  });

  it('fail alone: one that breaks a rule of the tables takes nobody with it', async () => {
    const inputs = Array.from({ length: 12 }, () => buildClaim());
    const bad = buildClaim({ intent: { endpointId: newUuid() } });
    const results = await Promise.allSettled([...inputs, bad].map((input) => world.payments.claim(input)));
    expect(results.map(({ status }) => status)).toEqual([...inputs.map(() => 'fulfilled'), 'rejected']);
  });
});

describe('changes that come together', () => {
  it('share a few commits, draw nonces without a gap, and resolve each to its own result', async () => {
    const attempts = await Promise.all(Array.from({ length: 40 }, () => claimed()));
    const results = await Promise.all(
      attempts.map((attempt) =>
        world.payments.changeIntent(attempt, async (tx) => {
          const [intent] = await tx.lockIntents([attempt]);
          const { gasSignerId, nonce } = await tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner });
          const next = {
            ...{ ...attempt, status: 'submitting' as const, sentAtMs: tx.nowMs, gasSignerId, gasNonce: nonce },
            signedTx: Buffer.from(`${nonce}`),
          };
          expect(await tx.saveAttempts([{ previous: attempt, next }])).toBe(1);
          return { intentId: intent?.intentId, nonce };
        }),
      ),
    );
    expect(results.map(({ intentId }) => intentId)).toEqual(attempts.map(({ intentId }) => intentId));
    const nonces = results.map(({ nonce }) => nonce).sort((a, b) => Number(a - b));
    expect(nonces.map((nonce) => nonce - (nonces[0] ?? 0n))).toEqual(nonces.map((_, at) => BigInt(at)));
    for (const [at, { attemptId }] of attempts.entries()) {
      expect((await world.payments.attempt(1, attemptId))?.gasNonce).toBe(results[at]?.nonce);
    }
    const ids = attempts.map(({ attemptId }) => attemptId);
    expect(await commitsOf('attempts', 'attempt_id', ids)).toBeLessThan(10);
  });

  it('fail alone: whoever throws, or has lost its lease, undoes nothing of the others', async () => {
    const attempts = await Promise.all(Array.from({ length: 12 }, () => claimed()));
    const moved = attempts[7];
    const thrower = attempts[9];
    if (!moved || !thrower) throw new Error('twelve were claimed');
    await sent(moved, 'submitting');
    const results = await Promise.allSettled(
      attempts.map((attempt) =>
        world.payments.changeIntent(attempt, async (tx) => {
          await tx.lockIntents([attempt]);
          const next = { ...attempt, status: 'submitting' as const, sentAtMs: tx.nowMs };
          const saved = await tx.saveAttempts([{ previous: attempt, next }]);
          if (attempt === thrower) throw new Error('a bug');
          return saved;
        }),
      ),
    );
    const values = results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.message));
    expect(values).toEqual(attempts.map((each) => (each === moved ? 0 : each === thrower ? 'a bug' : 1)));
    const statuses = await Promise.all(attempts.map(({ attemptId }) => world.payments.attempt(1, attemptId)));
    const expected = attempts.map((each) => (each === thrower ? 'claimed' : 'submitting'));
    expect(statuses.map((each) => each?.status)).toEqual(expected);
  });

  it('go on without the one whose row somebody else holds', async () => {
    const attempts = await Promise.all(Array.from({ length: 8 }, () => claimed()));
    const stuck = attempts[5];
    if (!stuck) throw new Error('eight were claimed');
    const held = pause();
    const holding = world.payments.inBook(1, async (tx) => {
      await tx.lockIntents([stuck]);
      held.reach();
      await held.released;
    });
    await held.reached;
    const done: AttemptRecord[] = [];
    const changes = attempts.map(async (attempt) => {
      await world.payments.changeIntent(attempt, (tx) => tx.lockIntents([attempt]));
      done.push(attempt);
      if (done.length === attempts.length - 1) held.release();
    });
    await Promise.all([...changes, holding]);
    expect(done.at(-1)).toBe(stuck);
  });
});

/** T4 of an attempt, with the event and the answer that go with it. */
async function submit(tx: PaymentTx, key: AttemptRecord) {
  const [intent] = await tx.lockIntents([key]);
  const attempt = intent?.attempts.find(({ attemptId }) => attemptId === key.attemptId);
  if (!intent || !attempt) throw new Error('it was claimed');
  const next = { ...attempt, status: 'submitting' as const, sentAtMs: tx.nowMs, lastSentAtMs: tx.nowMs };
  const saved = await tx.saveAttempts([{ previous: attempt, next }]);
  const sequence = intent.sequence + 1;
  await tx.saveIntents([{ ...intent, status: 'processing', sequence, attempts: [next] }]);
  const { bookId, intentId, attemptId } = attempt;
  const event = { eventId: newUuid(), type: 'payment_intent.processing', causeId: attemptId, evidence: null } as const;
  const move = { fromStatus: 'open', toStatus: 'processing' } as const;
  await tx.addEvents([{ bookId, intentId, sequence, ...event, ...move, body: JSON.stringify({ says: 'a "b" \\\n' }) }]);
  const sealed = { headersSealed: Buffer.from('head'), bodySealed: Buffer.from('body') };
  await tx.saveAnswers([{ bookId, attemptId, httpStatus: 200, ...sealed, expiresAtMs: tx.nowMs + 60_000 }]);
  return saved;
}

describe('a payment that one process carries on', () => {
  it('is known to it as it stands', async () => {
    const attempt = await claimed();
    const seen: unknown[] = [];
    // Nothing is written, so it is not taken for known: the second look is the database's.
    const look = (tx: PaymentTx) => tx.lockIntents([attempt]).then((found) => seen.push(found));
    await world.payments.changeIntent(attempt, look);
    const process = { canBeTakenOver: expect.any(Boolean) };
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual([{ ...only(seen[0] as IntentRecord[]), attempts: [{ ...attempt, ...process }] }]);
  });

  it('costs one commit a step, and stands as every other', async () => {
    const attempt = await claimed();
    let runs = 0;
    const carry = <T>(change: (tx: PaymentTx) => Promise<T>) =>
      world.payments.changeIntent(attempt, (tx) => {
        runs += 1;
        return change(tx);
      });
    expect(await carry((tx) => submit(tx, attempt))).toBe(1);
    const submitted = await world.payments.attempt(1, attempt.attemptId);
    expect(submitted).toMatchObject({
      status: 'submitting',
      sentAtMs: expect.any(Number),
      leaseUntilMs: attempt.leaseUntilMs,
    });
    expect(await world.payments.storedAnswer(1, attempt.attemptId)).toMatchObject({ httpStatus: 200 });
    const txHash = hex(32);
    await carry(async (tx) => {
      const [intent] = await tx.lockIntents([attempt]);
      const previous = only(intent?.attempts ?? []);
      const moved = { status: 'submitted' as const, txHash, submittedAtMs: tx.nowMs, servedAtMs: tx.nowMs };
      await tx.saveAttempts([{ previous, next: { ...previous, ...moved, leaseOwner: null, leaseUntilMs: null } }]);
    });
    expect(runs).toBe(2);
    const standing = await world.payments.attempt(1, attempt.attemptId);
    expect(standing).toMatchObject({ status: 'submitted', txHash, leaseOwner: null, sentAtMs: submitted?.sentAtMs });
    const told = await world.rows(
      `select i.status, i.sequence, e.type, e.body_hash = sha256(convert_to(b.body, 'utf8')) as is_hashed, b.body
       from payment_intents i join events e on e.book_id = i.book_id and e.intent_id = i.intent_id
       join event_bodies b on b.book_id = e.book_id and b.event_id = e.event_id where i.intent_id = $1`,
      [attempt.intentId],
    );
    const event = { type: 'payment_intent.processing', is_hashed: true, body: JSON.stringify({ says: 'a "b" \\\n' }) };
    expect(told).toEqual([{ status: 'processing', sequence: 1, ...event }]);
  });

  it.each([
    ['its attempt', 'update attempts set check_at = now() where attempt_id = $1'],
    [
      'its intent',
      `update payment_intents i set sequence = 1 from attempts a where a.attempt_id = $1
      and i.book_id = a.book_id and i.intent_id = a.intent_id`,
    ],
  ])('is decided anew when somebody has touched %s, and takes nobody with it', async (_what, touch) => {
    const attempts = await Promise.all(Array.from({ length: 6 }, () => claimed()));
    const touched = attempts[3];
    if (!touched) throw new Error('six were claimed');
    await world.rows(touch, [touched.attemptId]);
    const runs = new Map<AttemptRecord, number>();
    const saved = await Promise.all(
      attempts.map((attempt) =>
        world.payments.changeIntent(attempt, (tx) => {
          runs.set(attempt, (runs.get(attempt) ?? 0) + 1);
          return submit(tx, attempt);
        }),
      ),
    );
    expect(saved).toEqual(attempts.map(() => 1));
    expect(attempts.map((attempt) => runs.get(attempt))).toEqual(attempts.map((each) => (each === touched ? 2 : 1)));
    const standing = await Promise.all(attempts.map(({ attemptId }) => world.payments.attempt(1, attemptId)));
    expect(standing.map((each) => each?.status)).toEqual(attempts.map(() => 'submitting'));
  });

  it('is carried on by nobody who lost it', async () => {
    const attempt = await claimed(buildClaim({ leaseMs: -1 }));
    expect(await world.payments.takeOver(attempt, newUuid(), 70_000)).toMatchObject({ epoch: 2 });
    const saved = await world.payments.changeIntent(attempt, (tx) =>
      tx.saveAttempts([{ previous: attempt, next: { ...attempt, status: 'submitting', sentAtMs: tx.nowMs } }]),
    );
    expect(saved).toBe(0);
    expect((await world.payments.attempt(1, attempt.attemptId))?.status).toBe('claimed');
  });
});

describe('a database that is away', () => {
  it('is told within a second', async () => {
    const pool = createPool('postgresql://nobody@127.0.0.1:1/none', {
      role: 'tollbook_app',
      max: 1,
      applicationName: 'test',
    });
    const payments = createPaymentStore({ pool, catalog: world.catalog });
    const startedAt = performance.now();
    await expect(payments.claim(buildClaim())).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(payments.inBook(1, async () => undefined)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(payments.attempt(1, newUuid())).rejects.toBeInstanceOf(StoreUnavailable);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await pool.end();
  });

  it('is told when it goes in the middle of a dbTx, and the next call finds a fresh connection', async () => {
    const work = world.payments.inBook(1, async (tx) => {
      await world.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'test-app' and state = 'idle in transaction' and datname = current_database()`,
      );
      await tx.drawGasNonce({ network: 'eip155:84532', address: gasSigner });
    });
    await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await world.payments.attempt(1, newUuid())).toBeNull();
  });
});

function plusOne(counts: unknown): Record<string, number> {
  return plus(counts, 1);
}

function plus(counts: unknown, more: number): Record<string, number> {
  const entries = Object.entries(counts as Record<string, number>);
  return Object.fromEntries(entries.map(([name, count]) => [name, count + more]));
}

/** How many transactions wrote rows as they stand. */
async function commitsOf(table: string, column: string, ids: readonly string[]): Promise<number> {
  const text = `select count(distinct xmin::text)::int as commits from ${table} where ${column} = any ($1)`;
  const [row] = await world.rows<{ commits: number }>(text, [ids]);
  return row?.commits ?? 0;
}

/** A point that a test holds a dbTx at until it lets it go. */
function pause() {
  let reach = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { reached, reach, released, release };
}
