import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonicalPath } from './canonical-path.js';
import { explainMatch } from './explain-match.js';
import { matchEndpoint } from './match-endpoint.js';

const sold = [
  { method: 'GET', path: '/weather' },
  { method: 'GET', path: '/quotes/:symbol' },
  { method: 'GET', path: '/quotes/gold' },
  { method: 'POST', path: '/orders' },
  { method: 'GET', path: '/files/*' },
];

describe('explainMatch', () => {
  it.each([
    ['GET', '/weather', '/weather', 'only_pattern'],
    ['HEAD', '/weather', '/weather', 'only_pattern'],
    ['GET', '/quotes/gold', '/quotes/gold', 'closest_pattern'],
    ['GET', '/quotes/tin', '/quotes/:symbol', 'only_pattern'],
    ['GET', '/files/a/b', '/files/*', 'only_pattern'],
    ['GET', '/orders', 'method_not_allowed', 'other_method'],
    ['GET', '/nothing', 'endpoint_unknown', 'no_pattern'],
    ['GET', '/Weather', 'endpoint_unknown', 'other_spelling'],
    ['GET', '/weather/', 'endpoint_unknown', 'other_spelling'],
    ['GET', '/quotes/Gold', 'endpoint_unknown', 'other_spelling'],
    ['GET', 'weather', 'path_not_canonical', 'not_rooted'],
    ['GET', 'http://shop.example/weather', 'path_not_canonical', 'not_rooted'],
    ['GET', '//weather', 'path_not_canonical', 'empty_segment'],
    ['GET', '/a/../weather', 'path_not_canonical', 'dot_segment'],
    ['GET', '/./weather', 'path_not_canonical', 'dot_segment'],
    ['GET', '/weather;a=b', 'path_not_canonical', 'character_not_allowed'],
    ['GET', '/a\\weather', 'path_not_canonical', 'character_not_allowed'],
    ['GET', '/caf\u00e9', 'path_not_canonical', 'character_not_allowed'],
    ['GET', '/%77eather', 'path_not_canonical', 'percent_needless'],
    ['GET', '/a/%2e%2e/weather', 'path_not_canonical', 'percent_malformed'],
    ['GET', '/a/%2E%2E/weather', 'path_not_canonical', 'percent_needless'],
    ['GET', '/a%2Fb', 'path_not_canonical', 'percent_needless'],
    ['GET', '/100%', 'path_not_canonical', 'percent_malformed'],
  ])('%s %s meets %s: %s', (method, path, met, why) => {
    const { match, why: told } = explainMatch(sold, method, path);
    expect([match.kind === 'matched' ? match.endpoint.path : match.reason, told]).toEqual([met, why]);
  });

  it('weighs the closest first', () => {
    const { candidates } = explainMatch(sold, 'GET', '/quotes/gold');
    expect(candidates.map(({ path }) => path)).toEqual(['/quotes/gold', '/quotes/:symbol']);
  });

  it('says what the gate does, of any path', () => {
    const segment = fc.constantFrom('weather', 'Weather', 'quotes', 'gold', 'files', '', '.', 'a%2Fb', 'x;y');
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), fc.constantFrom('GET', 'HEAD', 'POST'), (segments, method) => {
        const path = `/${segments.join('/')}`;
        const { match } = explainMatch(sold, method, path);
        if (isCanonicalPath(path)) expect(match).toEqual(matchEndpoint(sold, method, path));
        else expect(match).toEqual({ kind: 'refused', reason: 'path_not_canonical' });
      }),
    );
  });
});
