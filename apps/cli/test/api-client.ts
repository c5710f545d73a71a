/** One answer of the merchant API. */
export type ApiAnswer = {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came is what the test looks at
  readonly body: any;
  readonly header: (name: string) => string | null;
};

/** Calls the merchant API with a key, as a merchant's backend does. */
export function apiClient(baseUrl: string, key: string) {
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isText = (response.headers.get('content-type') ?? '').startsWith('text/');
    const answer: ApiAnswer = {
      status: response.status,
      body: isText ? text : text === '' ? null : JSON.parse(text),
      header: (name) => response.headers.get(name),
    };
    return answer;
  };
  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => call('POST', path, body, headers),
    patch: (path: string, body: unknown) => call('PATCH', path, body),
    remove: (path: string) => call('DELETE', path),
  };
}
