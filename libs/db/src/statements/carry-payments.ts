import type { AttemptState, IntentRecord } from '@tollbook/usecases';
import { bytesArray, hexArray, plainArray, timeArray } from '../array-text.js';
import type { Session } from '../session.js';
import type { PlannedChange } from '../stores/planned-change.js';
import { eventArrays } from './insert-events.js';

/** What `carry_payments` writes of an attempt; a change of anything else is not for it. */
export const carriedOfAttempt: ReadonlySet<keyof AttemptState> = new Set([
  'status',
  'settleMode',
  'facilitatorId',
  'txHash',
  'leaseOwner',
  'leaseUntilMs',
  'sentAtMs',
  'lastSentAtMs',
  'submittedAtMs',
  'servedAtMs',
] as const);

/** The same of an intent. */
export const carriedOfIntent: ReadonlySet<keyof IntentRecord> = new Set(['status', 'sequence', 'attempts'] as const);

const statement = {
  name: 'carry_payments',
  text: `select carry_payments($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)::text as version`,
};

/**
 * Writes what was decided of one book's payments, in one round trip and one commit, all of it or nothing: it throws
 * where a row is not as the decision knew it. Resolves to what the rows are known by from then on.
 */
export async function carryPayments(
  session: Session,
  bookId: number,
  changes: readonly PlannedChange[],
): Promise<string> {
  const attempts = changes.map(({ attempt }) => attempt);
  const intents = changes.flatMap(({ intent }) => intent ?? []);
  const events = changes.flatMap((change) => change.events);
  const answers = changes.flatMap((change) => change.answers);
  const { rows } = await session.run<{ version: string }>(statement, [
    bookId,
    plainArray(attempts.map((attempt) => attempt.intentId)),
    plainArray(changes.map(({ known }) => known.intentVersion)),
    plainArray(attempts.map((attempt) => attempt.attemptId)),
    plainArray(changes.map(({ known }) => known.attemptVersion)),
    plainArray(attempts.map((attempt) => attempt.status)),
    plainArray(attempts.map((attempt) => attempt.settleMode)),
    plainArray(attempts.map((attempt) => attempt.facilitatorId)),
    hexArray(attempts.map((attempt) => attempt.txHash)),
    plainArray(attempts.map((attempt) => attempt.leaseOwner)),
    timeArray(attempts.map((attempt) => attempt.leaseUntilMs)),
    timeArray(attempts.map((attempt) => attempt.sentAtMs)),
    timeArray(attempts.map((attempt) => attempt.lastSentAtMs)),
    timeArray(attempts.map((attempt) => attempt.submittedAtMs)),
    timeArray(attempts.map((attempt) => attempt.servedAtMs)),
    plainArray(intents.map((intent) => intent.intentId)),
    plainArray(intents.map((intent) => intent.status)),
    plainArray(intents.map((intent) => intent.sequence)),
    ...eventArrays(events),
    plainArray(answers.map((answer) => answer.attemptId)),
    plainArray(answers.map((answer) => answer.httpStatus)),
    bytesArray(answers.map((answer) => answer.headersSealed)),
    bytesArray(answers.map((answer) => answer.bodySealed)),
    timeArray(answers.map((answer) => answer.expiresAtMs)),
  ]);
  const [row] = rows;
  if (!row) throw new Error('carry_payments answers');
  return row.version;
}
