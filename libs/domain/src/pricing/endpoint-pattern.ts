import { isCanonicalPath } from './canonical-path.js';
import { type EndpointPattern, foldedPath } from './match-endpoint.js';

/** What can be sold. HEAD comes with GET; CONNECT, TRACE and OPTIONS are spoken to proxies and browsers. */
export const sellableMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type PatternRefusal = 'method_invalid' | 'path_invalid';
export type PatternResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly reason: PatternRefusal; readonly detail: string };

/**
 * Whether a method and a path pattern can be sold: a method of the list, in upper case; a canonical path whose
 * segments are literal, `:name` whole with each name once, or one closing `*`.
 */
export function checkEndpointPattern({ method, path }: EndpointPattern): PatternResult {
  if (!sellableMethods.some((each) => each === method)) {
    return refused('method_invalid', `Sell one of ${sellableMethods.join(', ')}.`);
  }
  if (!path.startsWith('/')) return refused('path_invalid', 'A path begins with a slash.');
  if (!isCanonicalPath(path)) {
    return refused('path_invalid', 'Write the path in its one plain spelling: no "//", "..", "?" or spaces.');
  }
  const segments = path.slice(1).split('/');
  const names = segments.filter((segment) => segment.startsWith(':'));
  for (const [at, segment] of segments.entries()) {
    if (segment === '*' && at === segments.length - 1) continue;
    if (segment.includes('*')) return refused('path_invalid', 'A "*" stands alone, as the last segment.');
    if (segment.includes(':') && !/^:[A-Za-z][A-Za-z0-9_]{0,31}$/.test(segment)) {
      return refused('path_invalid', 'A parameter is a whole segment such as ":symbol".');
    }
  }
  if (new Set(names).size < names.length) return refused('path_invalid', 'A parameter is named twice.');
  return { kind: 'ok' };
}

/**
 * Whether two patterns take the very same requests, so that no rule could tell which price applies: names of
 * parameters make no difference, and neither do case and a closing slash, which careless upstreams ignore.
 */
export function isSamePattern(a: EndpointPattern, b: EndpointPattern): boolean {
  return a.method === b.method && shapeOf(a.path) === shapeOf(b.path);
}

function shapeOf(path: string): string {
  return foldedPath(path)
    .split('/')
    .map((segment) => (segment.startsWith(':') ? ':' : segment))
    .join('/');
}

function refused(reason: PatternRefusal, detail: string): PatternResult {
  return { kind: 'refused', reason, detail };
}
