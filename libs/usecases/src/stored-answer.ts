import type { PaymentStore } from './ports/payment-store.js';
import type { StoredAnswer } from './ports/payment-tx.js';
import type { AttemptKey } from './ports/records.js';
import type { Sealer } from './ports/sealer.js';
import type { UpstreamAnswer } from './ports/upstream.js';

/** Larger bodies are not kept: their replay is told that the result is gone. */
export const storedBodyBytesMax = 256 * 1024;
/** How long a paid answer can be fetched again. */
const storedAnswerMs = 24 * 60 * 60 * 1000;

/** A paid answer as it is kept: sealed with the merchant's key, bound to its attempt. Null when it is too large. */
export function sealAnswer(
  sealer: Sealer,
  merchantId: string,
  key: AttemptKey,
  answer: UpstreamAnswer,
  nowMs: number,
): StoredAnswer | null {
  if (answer.body.length > storedBodyBytesMax) return null;
  const headers = new TextEncoder().encode(JSON.stringify(answer.headers));
  return {
    bookId: key.bookId,
    attemptId: key.attemptId,
    httpStatus: answer.httpStatus,
    headersSealed: sealer.seal(merchantId, headers, `paid_answers.headers/${key.attemptId}`),
    bodySealed: sealer.seal(merchantId, answer.body, `paid_answers.body/${key.attemptId}`),
    expiresAtMs: nowMs + storedAnswerMs,
  };
}

/** The kept answer of an attempt, or null when there is none or its time is over. */
export async function readAnswer(
  store: PaymentStore,
  sealer: Sealer,
  key: AttemptKey,
  nowMs: number,
): Promise<UpstreamAnswer | null> {
  const stored = await store.storedAnswer(key.bookId, key.attemptId);
  if (!stored || stored.expiresAtMs <= nowMs) return null;
  const headers = sealer.open(stored.headersSealed, `paid_answers.headers/${key.attemptId}`);
  return {
    httpStatus: stored.httpStatus,
    headers: JSON.parse(new TextDecoder().decode(headers)) as [string, string][],
    body: sealer.open(stored.bodySealed, `paid_answers.body/${key.attemptId}`),
  };
}
