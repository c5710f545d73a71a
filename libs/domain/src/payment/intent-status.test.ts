import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AllocationBucket, allocationBuckets, isPaymentBucket } from './allocation.js';
import { type AttemptStatus, attemptStatuses } from './attempt.js';
import { type FailureReason, failureReasons, refusalReasons } from './failure-reason.js';
import { type IntentSource, type IntentStatus, intentMoves, intentSources, intentStatuses } from './intent.js';
import { failureToTell, type IntentFacts, intentStatus } from './intent-status.js';
import { type AttemptEvent, transition } from './transition.js';

const dueAtomic = 10_000n;
type Attempt = IntentFacts['attempts'][number];
type Allocation = IntentFacts['allocations'][number];

const attempt = (status: AttemptStatus): Attempt => ({ status, reason: null, isReleased: false });
const released = (reason: FailureReason): Attempt => ({ status: 'failed', reason, isReleased: true });
const proved = (reason: FailureReason): Attempt => ({ status: 'failed', reason, isReleased: false });
const allocation = (amountAtomic: bigint, changes: Partial<Allocation> = {}): Allocation => ({
  bucket: 'payment',
  amountAtomic,
  isFinal: false,
  ...changes,
});
const build = (changes: Partial<IntentFacts> = {}): IntentFacts => ({
  source: 'gate',
  dueAtomic,
  isCanceled: false,
  attempts: [],
  allocations: [],
  isOver: false,
  ...changes,
});
const status = (changes?: Partial<IntentFacts>) => intentStatus(build(changes)).status;

/** One fact per row of payment core, section 9, in its order; each row must win over all rows below it. */
const rows: readonly (readonly [IntentStatus, Partial<IntentFacts>])[] = [
  ['final', { allocations: [allocation(dueAtomic, { isFinal: true })] }],
  ['confirmed', { allocations: [allocation(dueAtomic)] }],
  ['unknown', { attempts: [attempt('unknown')] }],
  ['processing', { attempts: [attempt('submitting')] }],
  ['processing', { attempts: [attempt('submitted')] }],
  ['canceled', { isCanceled: true }],
  ['failed', { attempts: [proved('authorization_expired')] }],
  ['failed', { attempts: [released('insufficient_funds')] }],
  ['expired', { isOver: true }],
  ['open', {}],
];

describe('intentStatus', () => {
  it.each(rows)('is %s when nothing else holds', (expected, facts) => {
    expect(status(facts)).toBe(expected);
  });

  it('gives the first row that holds', () => {
    for (const [first, [expected, earlier]] of rows.entries()) {
      for (const [, later] of rows.slice(first + 1)) {
        const attempts = [...(later.attempts ?? []), ...(earlier.attempts ?? [])];
        const allocations = earlier.allocations ?? [];
        expect(status({ ...later, ...earlier, attempts, allocations })).toBe(expected);
      }
    }
  });

  it('is the same in whatever order allocations stand, and for attempts of which none failed', () => {
    const anyAllocations = fc.array(
      fc.record({
        bucket: fc.constantFrom(...allocationBuckets),
        amountAtomic: fc.bigInt(1n, 12_000n),
        isFinal: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    const live = fc.array(fc.constantFrom(...attemptStatuses.filter((each) => each !== 'failed')), { maxLength: 4 });
    fc.assert(
      fc.property(anyAllocations, live, (allocations, statuses) => {
        const attempts = statuses.map(attempt);
        const facts = build({ allocations, attempts });
        const reversed = build({ allocations: [...allocations].reverse(), attempts: [...attempts].reverse() });
        expect(intentStatus(reversed)).toEqual(intentStatus(facts));
      }),
    );
  });
});

describe('paid', () => {
  it('is an intent whose payments reach what is due, exactly or beyond, and not one unit less', () => {
    expect(status({ allocations: [allocation(dueAtomic - 1n)] })).toBe('open');
    expect(status({ allocations: [allocation(dueAtomic + 1n)] })).toBe('confirmed');
    expect(status({ allocations: [allocation(4_000n, { bucket: 'partial' }), allocation(6_000n)] })).toBe('confirmed');
  });

  it('is final only when every payment is', () => {
    const half = allocation(5_000n, { isFinal: true });
    expect(status({ allocations: [half, allocation(5_000n)] })).toBe('confirmed');
    expect(status({ allocations: [half, half] })).toBe('final');
  });

  it('is never an intent that owes nothing and got nothing', () => {
    expect(status({ dueAtomic: 0n })).toBe('open');
  });

  it('stays final through refunds and everything else that is no payment (I09)', () => {
    const paid = allocation(dueAtomic, { isFinal: true });
    for (const bucket of allocationBuckets.filter((each) => !isPaymentBucket(each))) {
      expect(status({ allocations: [paid, allocation(dueAtomic, { bucket })] })).toBe('final');
    }
  });
});

const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  status: fc.constantFrom(...attemptStatuses),
  reason: fc.option(fc.constantFrom(...failureReasons)),
  isReleased: fc.boolean(),
});
const anyFacts: fc.Arbitrary<IntentFacts> = fc.record({
  source: fc.constantFrom(...intentSources),
  dueAtomic: fc.bigInt(0n, 12_000n),
  isCanceled: fc.boolean(),
  attempts: fc.array(anyAttempt, { maxLength: 4 }),
  allocations: fc.array(
    fc.record({
      bucket: fc.constantFrom(...allocationBuckets),
      amountAtomic: fc.bigInt(1n, 12_000n),
      isFinal: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  isOver: fc.boolean(),
});

describe('ended states absorb (I19)', () => {
  it('no allocation outside payment and partial changes any status', () => {
    const other = fc.constantFrom<AllocationBucket>(...allocationBuckets.filter((bucket) => !isPaymentBucket(bucket)));
    fc.assert(
      fc.property(anyFacts, other, fc.bigInt(1n, 10n ** 12n), fc.boolean(), (facts, bucket, amountAtomic, isFinal) => {
        const allocations = [...facts.allocations, { bucket, amountAtomic, isFinal }];
        expect(intentStatus({ ...facts, allocations })).toEqual(intentStatus(facts));
      }),
    );
  });

  it.each<[IntentStatus, Partial<IntentFacts>]>([
    ['canceled', { isCanceled: true }],
    ['failed', { attempts: [proved('authorization_expired')] }],
    ['expired', { source: 'api', isOver: true }],
  ])('%s stays so when the whole amount comes late', (expected, facts) => {
    expect(status({ ...facts, allocations: [allocation(dueAtomic, { bucket: 'late' })] })).toBe(expected);
  });
});

describe('failed', () => {
  it('names a reason exactly when it is the status', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const result = intentStatus(facts);
        expect(result.failureReason !== null).toBe(result.status === 'failed');
      }),
    );
  });

  it.each(refusalReasons)('is told at once when the claim was refused: %s', (reason) => {
    expect(intentStatus(build({ attempts: [released(reason)] }))).toEqual({ status: 'failed', failureReason: reason });
  });

  it.each(['interrupted', 'buyer_gone', 'upstream_failed', 'upstream_timeout', 'settlement_unavailable'] as const)(
    'waits for the end of the offer where the claim was interrupted: %s',
    (reason) => {
      expect(status({ attempts: [released(reason)] })).toBe('open');
      const over = build({ attempts: [released(reason)], isOver: true });
      expect(intentStatus(over)).toEqual({ status: 'failed', failureReason: reason });
    },
  );

  it('is told at once when the chain proved it, whatever the reason', () => {
    for (const reason of ['authorization_expired', 'reverted', 'nonce_spent_elsewhere'] as const) {
      expect(intentStatus(build({ attempts: [proved(reason)] }))).toEqual({ status: 'failed', failureReason: reason });
    }
  });

  it('gives the reason of the newest attempt that failed for good', () => {
    const attempts = [released('signature_invalid'), proved('reverted'), released('interrupted')];
    expect(intentStatus(build({ attempts })).failureReason).toBe('reverted');
  });

  it('is left by a new claim only once it is sent', () => {
    const before = released('insufficient_funds');
    expect(status({ attempts: [before, attempt('claimed')] })).toBe('failed');
    expect(status({ attempts: [before, attempt('verified')] })).toBe('failed');
    expect(status({ attempts: [before, attempt('submitting')] })).toBe('processing');
  });

  it.each(['api', 'pay_page'] as const)('never holds for a stored intent (%s): another wallet may pay it', (source) => {
    expect(status({ source, attempts: [released('insufficient_funds')] })).toBe('open');
    expect(status({ source, attempts: [proved('authorization_expired')] })).toBe('open');
    expect(status({ source, attempts: [proved('authorization_expired')], isOver: true })).toBe('expired');
  });
});

describe('expired', () => {
  it.each(['claimed', 'verified'] as const)('spares an intent whose attempt is %s: it was claimed in time', (live) => {
    expect(status({ attempts: [attempt(live)], isOver: true })).toBe('open');
    expect(status({ source: 'api', attempts: [attempt(live)], isOver: true })).toBe('open');
  });

  it('never holds while money may be on its way', () => {
    for (const live of ['submitting', 'submitted', 'unknown'] as const) {
      expect(status({ attempts: [attempt(live)], isOver: true })).not.toBe('expired');
    }
  });
});

/** What can befall one intent: its attempts move, its transfer comes, goes and is final, it ends or is canceled. */
type Life = IntentFacts & { readonly sent: readonly boolean[]; readonly status: IntentStatus };

const events: readonly AttemptEvent[] = [
  { type: 'verifier_accepted' },
  { type: 'released', reason: 'insufficient_funds' },
  { type: 'released', reason: 'interrupted' },
  { type: 'send_decided' },
  { type: 'found_used_by_payer' },
  { type: 'send_accepted' },
  { type: 'send_uncertain' },
  { type: 'not_seen' },
  { type: 'transfer_confirmed' },
  { type: 'transfer_final' },
  { type: 'transfer_orphaned' },
  { type: 'proved_failed', reason: 'authorization_expired' },
];

function lifeAfter(
  life: Life,
  step: AttemptEvent['type'] | 'claim' | 'cancel' | 'end',
  reason: FailureReason,
): Life | null {
  switch (step) {
    case 'claim': {
      const isTaken = life.attempts.some((each) => each.status !== 'failed');
      if (isTaken || (life.status !== 'open' && life.status !== 'failed')) return null;
      return { ...life, attempts: [...life.attempts, attempt('claimed')], sent: [...life.sent, false] };
    }
    case 'cancel':
      return life.status === 'open' && life.source !== 'gate' ? { ...life, isCanceled: true } : null;
    case 'end':
      return { ...life, isOver: true };
    default:
      return moved(
        life,
        events.find((event) => event.type === step && (!('reason' in event) || event.reason === reason)),
      );
  }
}

function moved(life: Life, event: AttemptEvent | undefined): Life | null {
  const last = life.attempts.length - 1;
  const current = life.attempts[last];
  if (!event || !current) return null;
  // T4 goes on only while its intent can still be paid.
  const isSend = event.type === 'send_decided' || event.type === 'found_used_by_payer';
  if (isSend && life.status !== 'open' && life.status !== 'failed') return null;
  const result = transition(current.status, event, life.sent[last] ?? false);
  if (result.kind === 'refused') return null;
  const next: Attempt = {
    status: result.status,
    reason: 'reason' in event ? event.reason : null,
    isReleased: result.isReleased,
  };
  const paid = {
    transfer_confirmed: [allocation(dueAtomic)],
    transfer_final: [allocation(dueAtomic, { isFinal: true })],
  };
  const none = event.type === 'transfer_orphaned' ? [] : life.allocations;
  const allocations = event.type === 'transfer_confirmed' || event.type === 'transfer_final' ? paid[event.type] : none;
  return {
    ...life,
    attempts: [...life.attempts.slice(0, last), next],
    sent: [...life.sent.slice(0, last), (life.sent[last] ?? false) || isSend],
    allocations,
  };
}

/** Every change of status that any order of events can bring about, with at most three attempts. */
function movesOf(source: IntentSource): Set<string> {
  const moves = new Set<string>();
  const start: Life = { ...build({ source }), sent: [], status: 'open' };
  const seen = new Set<string>();
  const queue: Life[] = [start];
  for (let life = queue.pop(); life; life = queue.pop()) {
    for (const step of ['claim', 'cancel', 'end', ...events.map((event) => event.type)] as const) {
      for (const reason of ['insufficient_funds', 'interrupted', 'authorization_expired'] as const) {
        const after = lifeAfter(life, step, reason);
        if (!after || after.attempts.length > 3) continue;
        const next = { ...after, status: intentStatus(after).status };
        if (next.status !== life.status) moves.add(`${life.status} → ${next.status}`);
        const key = JSON.stringify(next, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
  }
  return moves;
}

describe('intentMoves', () => {
  const permitted = intentMoves.map((move) => move.join(' → '));

  it.each(intentSources)('permits every change that any life of an intent (%s) can bring about', (source) => {
    expect([...movesOf(source)].filter((move) => !permitted.includes(move))).toEqual([]);
  });

  it('leads out of no ended state', () => {
    for (const ended of ['final', 'expired', 'canceled'] as const) {
      expect(intentMoves.filter(([from]) => from === ended)).toEqual([]);
    }
    expect(intentMoves.filter(([from]) => from === 'failed')).toEqual([['failed', 'processing']]);
  });

  it('lists each move once, between statuses that exist', () => {
    expect(new Set(permitted).size).toBe(permitted.length);
    for (const [from, to] of intentMoves) {
      expect(intentStatuses).toContain(from);
      expect(intentStatuses).toContain(to);
      expect(from).not.toBe(to);
    }
  });
});

describe('failureToTell', () => {
  const interrupted = released('upstream_failed');

  it('is the reason of the last try at an intent that is still open, unless one runs', () => {
    const open = { status: 'open', failureReason: null } as const;
    expect(failureToTell({ ...open, attempts: [interrupted] })).toBe('upstream_failed');
    expect(failureToTell({ ...open, attempts: [interrupted, attempt('claimed')] })).toBeNull();
    expect(failureToTell({ ...open, attempts: [] })).toBeNull();
  });

  it('is its own reason for one that failed, and none for one that was paid after all', () => {
    const attempts = [interrupted];
    expect(failureToTell({ status: 'failed', failureReason: 'reverted', attempts })).toBe('reverted');
    expect(failureToTell({ status: 'final', failureReason: null, attempts })).toBeNull();
  });
});
