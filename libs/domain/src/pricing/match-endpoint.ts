/** What a request is matched against: a method and a path pattern such as `/weather`, `/quotes/:symbol` or `/files/*`. */
export type EndpointPattern = { readonly method: string; readonly path: string };

export type EndpointMatch<E> =
  | { readonly kind: 'matched'; readonly endpoint: E }
  | { readonly kind: 'refused'; readonly reason: 'endpoint_unknown' }
  /** With the methods that are sold on this path, as `Allow` names them (RFC 9110, section 10.2.1). */
  | { readonly kind: 'refused'; readonly reason: 'method_not_allowed'; readonly allowed: readonly string[] };

/**
 * The endpoint a request belongs to. Whole segments are compared, with case. At the first segment where two patterns
 * differ a literal wins over `:name`, and `:name` over a closing `*`. HEAD belongs to the endpoint of GET.
 *
 * A path that only a pattern takes, but that spells a closer endpoint in another case or with a closing slash, is
 * unknown: an upstream that ignores such differences would serve the dear endpoint at the price of the cheap one (A26).
 */
export function matchEndpoint<E extends EndpointPattern>(
  endpoints: readonly E[],
  method: string,
  path: string,
): EndpointMatch<E> {
  const onPath = patternsOnPath(endpoints, path);
  if (onPath.length === 0) return { kind: 'refused', reason: 'endpoint_unknown' };
  const sold = endpoints.filter((endpoint) => answersMethod(endpoint.method, method));
  const best = onPath.find((endpoint) => sold.includes(endpoint));
  if (!best) return { kind: 'refused', reason: 'method_not_allowed', allowed: allowedMethods(onPath) };
  const [alike] = patternsLikePath(sold, path);
  if (alike && isCloser(alike, best)) return { kind: 'refused', reason: 'endpoint_unknown' };
  return { kind: 'matched', endpoint: best };
}

/** The patterns that take a path, whatever their method, closest first. */
export function patternsOnPath<E extends EndpointPattern>(endpoints: readonly E[], path: string): readonly E[] {
  return byCloseness(endpoints.filter((endpoint) => matchesPath(endpoint.path.split('/'), path.split('/'))));
}

/** The patterns that a path would meet at an upstream that ignores case and a closing slash, closest first. */
export function patternsLikePath<E extends EndpointPattern>(endpoints: readonly E[], path: string): readonly E[] {
  const folded = foldedPath(path).split('/');
  return byCloseness(endpoints.filter((endpoint) => matchesPath(foldedPath(endpoint.path).split('/'), folded)));
}

function byCloseness<E extends EndpointPattern>(endpoints: readonly E[]): readonly E[] {
  return [...endpoints].sort((a, b) => Number(isCloser(b, a)) - Number(isCloser(a, b)));
}

function allowedMethods(endpoints: readonly EndpointPattern[]): string[] {
  const methods = endpoints.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)].sort();
}

/** The spelling in which a careless upstream compares paths; parameter names keep their colon. */
export function foldedPath(path: string): string {
  return path.toLowerCase().replace(/\/+$/, '');
}

function answersMethod(endpointMethod: string, method: string): boolean {
  return endpointMethod === method || (endpointMethod === 'GET' && method === 'HEAD');
}

function matchesPath(pattern: readonly string[], segments: readonly string[]): boolean {
  const hasTail = pattern[pattern.length - 1] === '*';
  if (hasTail ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every((part, at) => {
    const segment = segments[at] ?? '';
    if (part === '*' && at === pattern.length - 1) return segment !== '';
    return part.startsWith(':') ? segment !== '' : part === segment;
  });
}

function isCloser(a: EndpointPattern, b: EndpointPattern): boolean {
  const left = a.path.split('/');
  const right = b.path.split('/');
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = weight(left[at]) - weight(right[at]);
    if (difference !== 0) return difference > 0;
  }
  return a.method !== 'GET' && b.method === 'GET';
}

function weight(part: string | undefined): number {
  if (part === undefined || part === '*') return 0;
  return part.startsWith(':') ? 1 : 2;
}
