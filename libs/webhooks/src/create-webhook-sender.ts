import type { Readable } from 'node:stream';
import type { Clock, SentWebhook, WebhookMessage, WebhookSender } from '@tollbook/usecases';
import { readKeptBody } from './read-kept-body.js';
import { retryAfterSeconds } from './retry-after.js';
import { signWebhook } from './sign-webhook.js';

type HeaderFields = readonly (readonly [name: string, value: string])[];

/**
 * The outbound client, as far as a delivery needs it: vets and pins addresses, follows no redirect, and rejects with
 * errors whose `code` is a word for what went wrong.
 */
export type WebhookHttp = {
  stream(request: {
    url: string;
    method: string;
    headers: HeaderFields;
    body: Uint8Array;
    headersTimeoutMs: number;
    totalTimeoutMs: number;
  }): Promise<{ status: number; headers: HeaderFields; body: Readable }>;
};

/** A receiver that takes longer should answer first and work later. */
const headersTimeoutMs = 15_000;
/** Whatever a receiver does, a try is over then. */
const totalTimeoutMs = 20_000;
/** Header fields of an answer that are kept; there may be thousands of short ones. */
const keptHeadersMax = 50;

/** Sends deliveries, each one signed anew. The status line decides; what becomes of the body is only noted. */
export function createWebhookSender({ http, clock }: { http: WebhookHttp; clock: Clock }): WebhookSender {
  return { send: (message) => send(http, clock, message) };
}

async function send(http: WebhookHttp, clock: Clock, message: WebhookMessage): Promise<SentWebhook> {
  const startedMs = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedMs);
  const body = Buffer.from(message.body, 'utf8');
  const timestampUnixSeconds = Math.floor(clock.nowMs() / 1000);
  const requestHeaders: HeaderFields = [
    ['content-type', 'application/json'],
    ...signWebhook(message.secrets, { id: message.id, timestampUnixSeconds, body }),
  ];
  const request = { url: message.url, method: 'POST', headers: requestHeaders, body, headersTimeoutMs, totalTimeoutMs };
  try {
    const answer = await http.stream(request);
    const headMs = elapsedMs();
    const { text, failure } = await readKeptBody(answer.body);
    const retryAfter = answer.headers.find(([name]) => name === 'retry-after')?.[1];
    return {
      requestHeaders,
      httpStatus: answer.status,
      retryAfterSeconds: retryAfterSeconds(retryAfter, clock.nowMs()),
      error: failure === null ? null : codeOf(failure),
      responseHeaders: answer.headers.slice(0, keptHeadersMax),
      responseBody: text,
      timings: { headMs, totalMs: elapsedMs() },
    };
  } catch (error) {
    const unanswered = { httpStatus: null, retryAfterSeconds: null, responseHeaders: null, responseBody: null };
    return { requestHeaders, ...unanswered, error: codeOf(error), timings: { headMs: null, totalMs: elapsedMs() } };
  }
}

/** The word of a typed error; anything else is a bug, and thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
