import type { ChainUnavailable } from '@tollbook/usecases';
import { EvmRpcError } from './evm-rpc-error.js';
import { readRpcError } from './match-answers.js';
import { answerTooLarge } from './range-error.js';
import type { RpcEndpoint } from './rpc-endpoint.js';

export type PostJsonInput = {
  readonly endpoint: RpcEndpoint;
  readonly fetchFn: typeof fetch;
  readonly body: unknown;
  readonly timeoutMs: number;
  readonly unavailable: (reason: string, cause?: Error) => ChainUnavailable;
};

/** The parsed JSON that a node answered with status 200; everything else throws what `unavailable` makes. */
export async function postJson(input: PostJsonInput): Promise<unknown> {
  const { endpoint, unavailable } = input;
  const { status, text, retryAfterMs } = await post(input);
  const json = parseJson(text);
  if (status < 200 || status > 299) {
    // Some nodes put their error into a 4xx or 5xx; its code and text are worth more than the status.
    const error = readRpcError(json, endpoint.redact);
    if (status === 429) {
      const busy = new EvmRpcError(
        error?.code ?? 429,
        error?.rpcMessage ?? 'asked too often',
        null,
        retryAfterMs ?? restMs,
      );
      throw unavailable(error ? `HTTP 429, ${busy.message}` : 'HTTP 429', busy);
    }
    throw unavailable(error ? `HTTP ${status}, ${error.message}` : `HTTP ${status}`, error);
  }
  if (json === undefined) throw unavailable('the answer is not JSON');
  return json;
}

type Posted = { readonly status: number; readonly text: string; readonly retryAfterMs: number | null };

async function post(input: PostJsonInput): Promise<Posted> {
  const { endpoint, fetchFn, timeoutMs, unavailable } = input;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetchFn(endpoint.url, {
      method: 'POST',
      headers: { ...endpoint.headers },
      body: JSON.stringify(input.body),
      // A redirect would carry our credentials elsewhere.
      redirect: 'error',
      signal: abort.signal,
    });
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'));
    return { status: response.status, text: await readText(response), retryAfterMs };
  } catch (error) {
    if (error instanceof EvmRpcError) throw unavailable(error.message, error);
    if (abort.signal.aborted) throw unavailable(`no answer within ${timeoutMs} ms`);
    // The error itself names host and port, so only its code goes on.
    throw unavailable(`connection failed${codeOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Seconds, or a date; null for neither. */
function readRetryAfter(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

/** How long a node is left alone that says only that it is asked too often. */
const restMs = 1_000;

/** What one answer may weigh: some 6,000 logs. More is refused, so that a node cannot fill our memory. */
const answerBytesMax = 4 * 1024 * 1024;

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) throw answerTooLarge(answerBytesMax);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return ` (${cause.code})`;
  }
  return '';
}
