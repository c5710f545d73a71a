/** The outbound client, as far as facilitators need it: vets and pins addresses and follows no redirect. */
export type FacilitatorHttp = {
  request(request: {
    url: string;
    method: string;
    headers: readonly (readonly [name: string, value: string])[];
    body?: Uint8Array | undefined;
    headersTimeoutMs: number;
    totalTimeoutMs: number;
    maxBodyBytes: number;
    onTooLarge: 'fail';
  }): Promise<{ status: number; body: Uint8Array }>;
};

/** An answer, or a word for why there is none. `isSent` false promises that the facilitator saw no byte. */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'failed'; readonly word: string; readonly isSent: boolean };

/** Answers are a few hundred bytes; a facilitator that lists a hundred networks still fits. */
const bodyBytesMax = 64 * 1024;

/** One call. Never throws for what the other side does; `json` is undefined where the body was none. */
export async function callFacilitator(
  http: FacilitatorHttp,
  call: {
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly headers: readonly (readonly [string, string])[];
    readonly body?: unknown;
    readonly timeoutMs: number;
  },
): Promise<HttpAnswer> {
  const { url, method, timeoutMs } = call;
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body), 'utf8');
  const type: readonly (readonly [string, string])[] = body ? [['content-type', 'application/json']] : [];
  const limits = { headersTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs, maxBodyBytes: bodyBytesMax };
  try {
    const headers = [['accept', 'application/json'], ...type, ...call.headers] as const;
    const answer = await http.request({ url, method, headers, body, ...limits, onTooLarge: 'fail' });
    return { kind: 'answered', status: answer.status, json: jsonOf(answer.body) };
  } catch (error) {
    return failureOf(error);
  }
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The word of a typed error; anything else is a bug, and thrown on. */
function failureOf(error: unknown): HttpAnswer {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { kind: 'failed', word: error.code, isSent: !('isSent' in error && error.isSent === false) };
  }
  throw error;
}
