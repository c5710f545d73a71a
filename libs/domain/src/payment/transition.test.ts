import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { type AttemptStatus, attemptStatuses } from './attempt.js';
import { type AttemptEvent, attemptMoves, transition } from './transition.js';

const events: readonly AttemptEvent[] = [
  { type: 'verifier_accepted' },
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
type EventType = AttemptEvent['type'];

/** The closed table of `README.md` beside this file; what it does not list must be refused. */
const rows: readonly (readonly [name: string, event: EventType, from: readonly AttemptStatus[], to: AttemptStatus])[] =
  [
    ['T2', 'verifier_accepted', ['claimed'], 'verified'],
    ['T3', 'released', ['claimed', 'verified'], 'failed'],
    ['T4', 'send_decided', ['claimed', 'verified'], 'submitting'],
    ['T4b', 'found_used_by_payer', ['claimed'], 'submitted'],
    ['T5', 'send_accepted', ['submitting', 'unknown'], 'submitted'],
    ['T6', 'send_uncertain', ['submitting'], 'unknown'],
    ['T7', 'not_seen', ['submitted'], 'unknown'],
    ['T8', 'transfer_confirmed', ['submitting', 'submitted', 'unknown'], 'confirmed'],
    ['T9', 'transfer_final', ['confirmed'], 'final'],
    ['T10', 'transfer_orphaned', ['confirmed'], 'submitted'],
    ['T11', 'proved_failed', ['submitting', 'submitted', 'unknown'], 'failed'],
  ];
const beforeSend: readonly AttemptStatus[] = ['claimed', 'verified'];
const pairs = rows.flatMap(([name, type, from, to]) => from.map((status) => [name, status, type, to] as const));
const eventOf = (type: EventType) => events.filter((event) => event.type === type);
const spelled = (moves: readonly (readonly [AttemptStatus, AttemptStatus])[]) =>
  [...new Set(moves.map((move) => move.join(' → ')))].sort();

describe('transition', () => {
  it.each(pairs)('%s moves %s by %s to %s', (_, from, type, to) => {
    for (const event of eventOf(type)) {
      const moved = { kind: 'moved', status: to, isReleased: type === 'released' };
      expect(transition(from, event, !beforeSend.includes(from))).toEqual(moved);
    }
  });

  it('refuses every event that the table does not list for a status', () => {
    for (const from of attemptStatuses) {
      for (const event of events) {
        for (const wasSent of [false, true]) {
          const isListed = pairs.some(([, status, type]) => status === from && type === event.type);
          const result = transition(from, event, wasSent);
          if (!isListed) expect(result).toEqual({ kind: 'refused', from, event: event.type });
        }
      }
    }
  });

  it('ends nothing that is final or failed', () => {
    for (const event of events) {
      for (const wasSent of [false, true]) {
        expect(transition('final', event, wasSent).kind).toBe('refused');
        expect(transition('failed', event, wasSent).kind).toBe('refused');
      }
    }
  });

  it('makes exactly the moves of `attemptMoves`, which the database trigger is generated from', () => {
    const made = attemptStatuses.flatMap((from) =>
      events.flatMap((event) =>
        [false, true].flatMap((wasSent): [AttemptStatus, AttemptStatus][] => {
          const result = transition(from, event, wasSent);
          return result.kind === 'moved' ? [[from, result.status]] : [];
        }),
      ),
    );
    expect(spelled(made)).toEqual(spelled(attemptMoves));
    expect(attemptMoves).toHaveLength(spelled(attemptMoves).length);
  });

  it('leaves no status that cannot be reached from a claim', () => {
    const reached = new Set<AttemptStatus>(['claimed']);
    for (let round = 0; round < attemptStatuses.length; round += 1) {
      for (const [from, to] of attemptMoves) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...attemptStatuses].sort());
  });

  it('refuses an event that does not exist', () => {
    const foreign: AttemptEvent = JSON.parse('{"type":"marked_paid_by_hand"}');
    for (const from of attemptStatuses) expect(() => transition(from, foreign, true)).toThrow(AssertionFailed);
  });

  it('moves no claim whose `sent_at` is set: that cannot be, so nothing may follow from it', () => {
    for (const from of beforeSend) {
      for (const event of events) expect(transition(from, event, true).kind).toBe('refused');
    }
  });
});

describe('any life of an attempt', () => {
  const anyEvents = fc.array(fc.constantFrom(...events), { maxLength: 30 });
  type Step = { readonly event: AttemptEvent; readonly from: AttemptStatus; readonly to: AttemptStatus };

  /** The moves that a list of events makes, with `sent_at` set as T4 and T4b set it; refused events change nothing. */
  const live = (list: readonly AttemptEvent[]): Step[] => {
    const steps: Step[] = [];
    let status: AttemptStatus = 'claimed';
    let wasSent = false;
    for (const event of list) {
      const result = transition(status, event, wasSent);
      if (result.kind === 'refused') continue;
      steps.push({ event, from: status, to: result.status });
      status = result.status;
      wasSent ||= event.type === 'send_decided' || event.type === 'found_used_by_payer';
    }
    return steps;
  };

  it('makes only listed moves (I17)', () => {
    fc.assert(
      fc.property(anyEvents, (list) => {
        for (const { from, to } of live(list)) {
          expect(attemptMoves.some(([left, right]) => left === from && right === to)).toBe(true);
        }
      }),
    );
  });

  it('releases its replay key at most once, and never after anything was sent (I21)', () => {
    fc.assert(
      fc.property(anyEvents, (list) => {
        const steps = live(list);
        const sentAt = steps.findIndex(({ to }) => to === 'submitting' || to === 'submitted');
        const releases = steps.filter(({ event }) => event.type === 'released');
        expect(releases.length).toBeLessThanOrEqual(1);
        if (sentAt >= 0) expect(releases).toHaveLength(0);
      }),
    );
  });

  it('ends a sent attempt by chain evidence only (I20, I25)', () => {
    const chainEvidence: readonly EventType[] = [
      'transfer_confirmed',
      'transfer_final',
      'transfer_orphaned',
      'proved_failed',
    ];
    fc.assert(
      fc.property(anyEvents, (list) => {
        const steps = live(list);
        const sentAt = steps.findIndex(({ to }) => to === 'submitting' || to === 'submitted');
        for (const { event, to } of sentAt < 0 ? [] : steps.slice(sentAt + 1)) {
          if (to === 'confirmed' || to === 'final' || to === 'failed') expect(chainEvidence).toContain(event.type);
        }
      }),
    );
  });

  it('is confirmed by a transfer only, whatever a facilitator says (I25)', () => {
    const words: readonly EventType[] = [
      'verifier_accepted',
      'send_decided',
      'send_accepted',
      'send_uncertain',
      'not_seen',
    ];
    const wordsOnly = fc.array(fc.constantFrom(...events.filter((event) => words.includes(event.type))), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(wordsOnly, (list) => {
        for (const { to } of live(list)) expect(['verified', 'submitting', 'submitted', 'unknown']).toContain(to);
      }),
    );
  });
});
