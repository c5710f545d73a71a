import { describe, expect, it } from 'vitest';
import { checkEndpointPattern, isSamePattern } from './endpoint-pattern.js';

describe('checkEndpointPattern', () => {
  it.each(['/', '/weather', '/quotes/:symbol', '/a/:one/b/:two', '/files/*', '/files/:kind/*', '/v1/%20'])(
    'takes %s',
    (path) => {
      expect(checkEndpointPattern({ method: 'GET', path })).toEqual({ kind: 'ok' });
    },
  );

  it.each([
    'weather',
    '',
    '//a',
    '/a//b',
    '/a/../b',
    '/a b',
    '/a?b=1',
    '/a#b',
    '/%2e',
    '/%41',
    '/a%2Fb',
    '/*/a',
    '/a*',
    '/:',
    '/:1',
    '/a:b',
    '/:a/:a',
    '/é',
  ])('refuses the path %s', (path) => {
    expect(checkEndpointPattern({ method: 'GET', path })).toMatchObject({ kind: 'refused', reason: 'path_invalid' });
  });

  it.each(['get', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'BREW', ''])('refuses the method %s', (method) => {
    expect(checkEndpointPattern({ method, path: '//' })).toMatchObject({ kind: 'refused', reason: 'method_invalid' });
  });
});

describe('isSamePattern', () => {
  const get = (path: string) => ({ method: 'GET', path });

  it.each([
    ['/:a', '/:b'],
    ['/x/:a/y', '/x/:other/y'],
    ['/weather', '/Weather'],
    ['/weather', '/weather/'],
    ['/f/*', '/f/*'],
  ])('finds %s and %s the same', (a, b) => {
    expect(isSamePattern(get(a), get(b))).toBe(true);
  });

  it.each([
    ['/:a', '/a'],
    ['/a/:b', '/a/*'],
    ['/a/b', '/a/c'],
    ['/a', '/a/b'],
  ])('tells %s from %s', (a, b) => {
    expect(isSamePattern(get(a), get(b))).toBe(false);
  });

  it('tells methods apart', () => {
    expect(isSamePattern(get('/a'), { method: 'POST', path: '/a' })).toBe(false);
  });
});
