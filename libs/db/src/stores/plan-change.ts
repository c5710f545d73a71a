import type { AttemptRecord, IntentRecord, PaymentTx, StoredAnswer } from '@tollbook/usecases';
import { sha256 } from '../sha256.js';
import { carriedOfAttempt, carriedOfIntent } from '../statements/carry-payments.js';
import type { HashedEvent } from '../statements/insert-events.js';
import type { KnownIntent, PlannedChange } from './planned-change.js';

/** The change asks for something that only the database can do or tell. */
class NotPlanned extends Error {}

/**
 * Runs a change on what is known of its intent, and gathers what it writes instead of writing it. Null where that is
 * not enough, or nothing is written: whether there is nothing to do, only the database knows.
 */
export async function planChange<T>(
  known: KnownIntent,
  change: (tx: PaymentTx) => Promise<T>,
): Promise<{ readonly result: T; readonly planned: PlannedChange } | null> {
  const { intent } = known;
  let attempt: AttemptRecord | null = null;
  let saved: IntentRecord | null = null;
  const events: HashedEvent[] = [];
  const answers: StoredAnswer[] = [];
  const tx: PaymentTx = {
    ...asksTheDatabase,
    nowMs: known.nowMs(),
    lockIntents: async ([key, ...others]) => {
      if (others.length > 0 || key?.intentId !== intent.intentId || key.bookId !== intent.bookId)
        throw new NotPlanned();
      return [intent];
    },
    saveAttempts: async ([change, ...others]) => {
      if (!change || others.length > 0 || attempt || change.previous !== intent.attempts[0]) throw new NotPlanned();
      if (!isWithin(carriedOfAttempt, change.previous, change.next)) throw new NotPlanned();
      attempt = change.next;
      return 1;
    },
    saveIntents: async ([next, ...others]) => {
      if (!next || others.length > 0 || saved || !isWithin(carriedOfIntent, intent, next)) throw new NotPlanned();
      saved = next;
    },
    addEvents: async (drafts) => {
      events.push(...drafts.map((draft) => ({ ...draft, bodyHash: sha256(Buffer.from(draft.body, 'utf8')) })));
    },
    saveAnswers: async (kept) => {
      answers.push(...kept);
    },
  };
  try {
    const result = await change(tx);
    return attempt === null ? null : { result, planned: { known, attempt, intent: saved, events, answers } };
  } catch (error) {
    if (error instanceof NotPlanned) return null;
    throw error;
  }
}

/** Whether two records are the same but for what is listed. */
function isWithin<Record extends object>(list: ReadonlySet<keyof Record>, one: Record, other: Record): boolean {
  const keys = Object.keys(other) as (keyof Record)[];
  return keys.every((key) => one[key] === other[key] || list.has(key));
}

async function notPlanned(): Promise<never> {
  throw new NotPlanned();
}

/** What no plan holds. */
const asksTheDatabase = {
  releaseReplayKeys: notPlanned,
  drawGasNonce: notPlanned,
  deleteAnswers: notPlanned,
  insertAllocations: notPlanned,
  reverseAllocations: notPlanned,
  openDiscrepancies: notPlanned,
  closeDiscrepancies: notPlanned,
  drawInvoiceNumbers: notPlanned,
  appendEntries: notPlanned,
  addRollups: notPlanned,
};
