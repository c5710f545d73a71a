import { type AttemptEvent, assert, transition } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import type { FormatAddress } from './payment-intent-view.js';
import type { Crypto } from './ports/crypto.js';
import type { PaymentTx } from './ports/payment-tx.js';
import type { AttemptRecord, AttemptState, BookRecord, IntentRecord } from './ports/records.js';
import { type RefreshContext, type Refreshed, refreshIntent } from './refresh-intent.js';
import { LeaseLost } from './store-unavailable.js';

/** What every change of a payment needs besides the dbTx. */
export type ChangeDeps = { readonly crypto: Crypto; readonly catalog: Catalog; readonly formatAddress: FormatAddress };

/** The context that tells changes of one book. */
export function refreshContext(
  deps: ChangeDeps,
  book: Pick<BookRecord, 'mode'>,
  nowMs: number,
  causeId: string | null,
  evidence?: Readonly<Record<string, unknown>>,
): RefreshContext {
  const context = { ...deps, mode: book.mode, nowMs, causeId };
  return evidence === undefined ? context : { ...context, evidence };
}

/** The attempt after an event of the closed table; a move that is not listed is a bug. */
export function movedAttempt(
  attempt: AttemptRecord,
  event: AttemptEvent,
  changes: Partial<AttemptState> = {},
): AttemptRecord {
  const result = transition(attempt.status, event, attempt.sentAtMs !== null);
  assert(result.kind === 'moved', `an attempt that is ${attempt.status} does not take ${event.type}`);
  const reason = event.type === 'released' || event.type === 'proved_failed' ? event.reason : attempt.reason;
  return { ...attempt, reason, ...changes, status: result.status };
}

/** The intent with one of its attempts replaced. */
function withAttempt(intent: IntentRecord, attempt: AttemptRecord): IntentRecord {
  const attempts = intent.attempts.map((each) => (each.attemptId === attempt.attemptId ? attempt : each));
  return { ...intent, attempts };
}

/**
 * Writes one attempt's move with what follows from it for its intent, in the dbTx that the caller commits. Throws
 * `LeaseLost` when another process moved the attempt meanwhile.
 */
export async function saveMove(
  tx: PaymentTx,
  before: { readonly intent: IntentRecord; readonly attempt: AttemptRecord },
  next: AttemptRecord,
  context: RefreshContext,
): Promise<Refreshed> {
  const saved = await tx.saveAttempts([{ previous: before.attempt, next }]);
  if (saved !== 1) throw new LeaseLost('the attempt was moved by another process');
  const refreshed = refreshIntent(withAttempt(before.intent, next), context);
  if (refreshed.events.length > 0) {
    await tx.saveIntents([refreshed.intent]);
    await tx.addEvents(refreshed.events);
  }
  return refreshed;
}

/** Locks an attempt through its intent; null when the attempt is not there. */
export async function lockAttempt(
  tx: PaymentTx,
  key: { readonly bookId: number; readonly intentId: string; readonly attemptId: string },
): Promise<{ readonly intent: IntentRecord; readonly attempt: AttemptRecord } | null> {
  const [intent] = await tx.lockIntents([{ bookId: key.bookId, intentId: key.intentId }]);
  const attempt = intent?.attempts.find((each) => each.attemptId === key.attemptId);
  return intent && attempt ? { intent, attempt } : null;
}
