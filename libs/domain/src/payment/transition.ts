import { never } from '../never.js';
import type { AttemptStatus } from './attempt.js';
import type { FailureReason } from './failure-reason.js';

/**
 * What can happen to an attempt. The numbers are the rows of the closed table in `README.md` beside this file; what
 * is not listed there is refused here, and refused again by a trigger generated from `attemptMoves`.
 */
export type AttemptEvent =
  | { readonly type: 'verifier_accepted' } // T2
  | { readonly type: 'released'; readonly reason: FailureReason } // T3
  | { readonly type: 'send_decided' } // T4
  | { readonly type: 'found_used_by_payer' } // T4b
  | { readonly type: 'send_accepted' } // T5
  | { readonly type: 'send_uncertain' } // T6
  | { readonly type: 'not_seen' } // T7
  | { readonly type: 'transfer_confirmed' } // T8
  | { readonly type: 'transfer_final' } // T9
  | { readonly type: 'transfer_orphaned' } // T10
  | { readonly type: 'proved_failed'; readonly reason: FailureReason }; // T11

export type TransitionResult =
  | { readonly kind: 'moved'; readonly status: AttemptStatus; readonly isReleased: boolean }
  | { readonly kind: 'refused'; readonly from: AttemptStatus; readonly event: AttemptEvent['type'] };

/**
 * The status an attempt has after an event. `wasSent` is whether `sent_at` is set: once bytes may have left, nothing
 * but chain evidence ends the attempt, and its replay key is never released (invariants I17, I20, I21).
 */
export function transition(from: AttemptStatus, event: AttemptEvent, wasSent: boolean): TransitionResult {
  const to = target(from, event, wasSent);
  if (to === null) return { kind: 'refused', from, event: event.type };
  return { kind: 'moved', status: to, isReleased: event.type === 'released' };
}

function target(from: AttemptStatus, event: AttemptEvent, wasSent: boolean): AttemptStatus | null {
  const isBeforeSend = (from === 'claimed' || from === 'verified') && !wasSent;
  const isInFlight = from === 'submitting' || from === 'submitted' || from === 'unknown';
  switch (event.type) {
    case 'verifier_accepted':
      return from === 'claimed' && !wasSent ? 'verified' : null;
    case 'released':
      return isBeforeSend ? 'failed' : null;
    case 'send_decided':
      return isBeforeSend ? 'submitting' : null;
    case 'found_used_by_payer':
      return from === 'claimed' && !wasSent ? 'submitted' : null;
    case 'send_accepted':
      return from === 'submitting' || from === 'unknown' ? 'submitted' : null;
    case 'send_uncertain':
      return from === 'submitting' ? 'unknown' : null;
    case 'not_seen':
      return from === 'submitted' ? 'unknown' : null;
    case 'transfer_confirmed':
      return isInFlight ? 'confirmed' : null;
    case 'transfer_final':
      return from === 'confirmed' ? 'final' : null;
    case 'transfer_orphaned':
      return from === 'confirmed' ? 'submitted' : null;
    case 'proved_failed':
      return isInFlight ? 'failed' : null;
    default:
      return never(event);
  }
}

/** Every permitted change of an attempt's status, as the database trigger enforces it. */
export const attemptMoves: readonly (readonly [AttemptStatus, AttemptStatus])[] = [
  ['claimed', 'verified'],
  ['claimed', 'failed'],
  ['claimed', 'submitting'],
  ['claimed', 'submitted'],
  ['verified', 'failed'],
  ['verified', 'submitting'],
  ['submitting', 'submitted'],
  ['submitting', 'unknown'],
  ['submitting', 'confirmed'],
  ['submitting', 'failed'],
  ['submitted', 'unknown'],
  ['submitted', 'confirmed'],
  ['submitted', 'failed'],
  ['unknown', 'submitted'],
  ['unknown', 'confirmed'],
  ['unknown', 'failed'],
  ['confirmed', 'final'],
  ['confirmed', 'submitted'],
];
