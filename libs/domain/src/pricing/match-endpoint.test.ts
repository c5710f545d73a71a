import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EndpointPattern, matchEndpoint } from './match-endpoint.js';

const endpointsOf = (...lines: readonly string[]): EndpointPattern[] =>
  lines.map((line) => {
    const [method = '', path = ''] = line.split(' ');
    return { method, path };
  });
/** The endpoint that a request belongs to as one line of text, or the reason it belongs to none. */
const match = (endpoints: readonly EndpointPattern[], request: string): string => {
  const [method = '', path = ''] = request.split(' ');
  const result = matchEndpoint(endpoints, method, path);
  return result.kind === 'matched' ? `${result.endpoint.method} ${result.endpoint.path}` : result.reason;
};

const store = endpointsOf(
  'GET /weather',
  'POST /weather',
  'GET /quotes/:symbol',
  'GET /quotes/all',
  'GET /quotes/:symbol/history',
  'GET /quotes/*',
  'GET /files/*',
  'GET /',
);

describe('matchEndpoint', () => {
  it.each([
    ['GET /weather', 'GET /weather'],
    ['POST /weather', 'POST /weather'],
    ['GET /quotes/BRK.B', 'GET /quotes/:symbol'],
    ['GET /quotes/all', 'GET /quotes/all'],
    ['GET /quotes/all/history', 'GET /quotes/:symbol/history'],
    ['GET /quotes/X/history', 'GET /quotes/:symbol/history'],
    ['GET /quotes/X/news/today', 'GET /quotes/*'],
    ['GET /files/a', 'GET /files/*'],
    ['GET /files/a/b/c', 'GET /files/*'],
    ['GET /', 'GET /'],
  ])('gives %s to %s', (request, expected) => {
    expect(match(store, request)).toBe(expected);
  });

  it.each([
    ['GET /unknown', 'another name'],
    ['GET /Weather', 'another case'],
    ['GET /weather/', 'a trailing slash'],
    ['GET /weather/today', 'a segment more'],
    ['GET /weathe', 'a part of a segment'],
    ['GET /quotes', 'no segment for a parameter'],
    ['GET /quotes/', 'an empty segment for a parameter or a closing star'],
    ['GET /files', 'no segment for a closing star'],
    ['GET //', 'empty segments'],
    ['GET ', 'no path'],
  ])('knows no endpoint for %s: %s is no match', (request) => {
    expect(match(store, request)).toBe('endpoint_unknown');
  });

  it('prefers a literal to a parameter and a parameter to a closing star, at the first segment where they differ', () => {
    expect(match(endpointsOf('GET /:a/b', 'GET /a/:b'), 'GET /a/b')).toBe('GET /a/:b');
    expect(match(endpointsOf('GET /*', 'GET /:a'), 'GET /x')).toBe('GET /:a');
    expect(match(endpointsOf('GET /*', 'GET /:a/*'), 'GET /x/y')).toBe('GET /:a/*');
    expect(match(endpointsOf('GET /a/*', 'GET /:a/b/c'), 'GET /a/b/c')).toBe('GET /a/*');
    expect(match(endpointsOf('GET /a/*', 'GET /a/:b/c'), 'GET /a/b/c')).toBe('GET /a/:b/c');
  });

  it('answers HEAD with the endpoint of GET, unless HEAD has one of its own (A27)', () => {
    expect(match(store, 'HEAD /weather')).toBe('GET /weather');
    const withHead = endpointsOf('GET /a', 'HEAD /a');
    expect(match(withHead, 'HEAD /a')).toBe('HEAD /a');
    expect(match([...withHead].reverse(), 'HEAD /a')).toBe('HEAD /a');
    expect(match(withHead, 'GET /a')).toBe('GET /a');
  });

  it('refuses other methods on a known path, also in lower case', () => {
    for (const method of ['PUT', 'OPTIONS', 'get', 'Get', '']) {
      expect(match(store, `${method} /weather`)).toBe('method_not_allowed');
    }
    expect(match(store, 'HEAD /quotes/X')).toBe('GET /quotes/:symbol');
    expect(match(endpointsOf('POST /a'), 'HEAD /a')).toBe('method_not_allowed');
    const refused = matchEndpoint(store, 'DELETE', '/weather');
    expect(refused).toEqual({ kind: 'refused', reason: 'method_not_allowed', allowed: ['GET', 'HEAD', 'POST'] });
  });

  it('tells an unknown endpoint before a wrong method', () => {
    expect(match(store, 'DELETE /unknown')).toBe('endpoint_unknown');
  });

  it('looks past a closer pattern of another method', () => {
    expect(match(endpointsOf('POST /quotes/all', 'GET /quotes/:symbol'), 'GET /quotes/all')).toBe(
      'GET /quotes/:symbol',
    );
  });

  it('takes a star for a wildcard at the end only, and a literal elsewhere', () => {
    expect(match(endpointsOf('GET /a/*/b'), 'GET /a/x/b')).toBe('endpoint_unknown');
    expect(match(endpointsOf('GET /a/*/b'), 'GET /a/*/b')).toBe('GET /a/*/b');
  });

  it.each([
    ['GET /files/report/'],
    ['GET /files/REPORT'],
    ['HEAD /files/Report'],
    ['GET /quotes/PREMIUM'],
    ['GET /Quotes/premium/'],
  ])('does not sell %s at the price of a looser pattern', (request) => {
    const store = endpointsOf(
      'GET /files/*',
      'GET /files/report',
      'GET /quotes/:symbol',
      'GET /quotes/premium',
      'GET /*',
    );
    expect(match(store, request)).toBe('endpoint_unknown');
  });

  it('gives the same endpoint in whatever order the endpoints are listed', () => {
    const segment = fc.constantFrom('a', 'b', ':x');
    const pattern = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([segments, hasTail]) => ({
        method: 'GET',
        path: `/${[...segments, ...(hasTail ? ['*'] : [])].join('/')}`,
      }));
    const patterns = fc.uniqueArray(pattern, { selector: (each) => each.path, maxLength: 6 });
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((all) => `/${all.join('/')}`);
    fc.assert(
      fc.property(patterns, path, fc.func(fc.integer()), (endpoints, requested, shuffle) => {
        const shuffled = [...endpoints].sort((left, right) => shuffle(left.path) - shuffle(right.path));
        expect(match(shuffled, `GET ${requested}`)).toBe(match(endpoints, `GET ${requested}`));
      }),
    );
  });
});
