import type { z } from 'zod';
import { ApiProblem, problemOfResponse } from './api-problem.js';

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type QueryParameters = Readonly<Record<string, QueryValue>>;

export interface ApiClient {
  /** The slug of the book that every request names. */
  readonly bookSlug: string;
  get<Answer>(path: string, schema: z.ZodType<Answer>, query?: QueryParameters, signal?: AbortSignal): Promise<Answer>;
  post<Answer>(path: string, schema: z.ZodType<Answer>, body?: unknown): Promise<Answer>;
  patch<Answer>(path: string, schema: z.ZodType<Answer>, body: unknown): Promise<Answer>;
  put<Answer>(path: string, schema: z.ZodType<Answer>, body: unknown): Promise<Answer>;
  remove(path: string, body?: unknown): Promise<void>;
  /** A link that the browser follows by itself, so the book stands in the query. */
  href(path: string, query?: QueryParameters): string;
}

const requestTimeoutMs = 20_000;

/** The merchant API for one book. Every answer is checked against its contract before a page sees it. */
export function createApiClient(bookSlug: string): ApiClient {
  const send = (method: string, path: string, query: QueryParameters, body: unknown, signal?: AbortSignal) =>
    request({ method, url: path + queryText(query), body, signal, headers: { 'tollbook-book': bookSlug } });
  const write = async <Answer>(method: string, path: string, schema: z.ZodType<Answer>, body: unknown) =>
    readAnswer(await send(method, path, {}, body), schema);
  return {
    bookSlug,
    get: async (path, schema, query = {}, signal) =>
      readAnswer(await send('GET', path, query, undefined, signal), schema),
    post: (path, schema, body = {}) => write('POST', path, schema, body),
    patch: (path, schema, body) => write('PATCH', path, schema, body),
    put: (path, schema, body) => write('PUT', path, schema, body),
    remove: async (path, body) => {
      await send('DELETE', path, {}, body);
    },
    href: (path, query = {}) => path + queryText({ ...query, book: bookSlug }),
  };
}

interface RequestParts {
  method: string;
  url: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** One request with the session's cookie. Throws ApiProblem, and nothing else but an abort. */
export async function request({ method, url, body, headers = {}, signal }: RequestParts): Promise<Response> {
  const isWrite = method !== 'GET';
  const limit = AbortSignal.timeout(requestTimeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' && isRemembered(url) ? { 'idempotency-key': newIdempotencyKey() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const detail = isWrite
      ? 'No answer came. Reload before you try again: the change may have been made.'
      : 'No answer came from the server. Check that Tollbook is running and that you are online.';
    throw new ApiProblem(0, 'network', 'The server cannot be reached', detail);
  }
  if (!response.ok) throw await problemOfResponse(response);
  return response;
}

async function readAnswer<Answer>(response: Response, schema: z.ZodType<Answer>): Promise<Answer> {
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue ? `${issue.path.join('.') || 'the answer'}: ${issue.message}` : 'the answer';
  const detail = `The server's answer does not follow its contract (${where}). Reload; if it stays, this page is older than the server.`;
  throw new ApiProblem(response.status, 'answer_unexpected', 'The answer cannot be read', detail);
}

function queryText(query: QueryParameters): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** A preview changes nothing, so there is nothing to do only once. */
function isRemembered(url: string): boolean {
  return url.startsWith('/v1/') && !url.endsWith('/preview');
}

/** `randomUUID` is missing where the page is served over plain HTTP to another machine. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
