import { describe, expect, it } from 'vitest';
import { isSamePath, queryPairs, requestParts } from './request-parts.js';

describe('requestParts', () => {
  it('takes a target apart without decoding it', () => {
    expect(requestParts('/g/demo/a%20b/c?x=%31&y')).toEqual({
      slug: 'demo',
      path: '/a%20b/c',
      rawQuery: 'x=%31&y',
      fullPath: '/g/demo/a%20b/c',
    });
  });

  it.each(['/g/demo', '/g', '/', '', 'http://host/g/demo/weather', '/pay/x', '/G/demo/weather'])(
    'knows no endpoint in %s',
    (target) => {
      expect(requestParts(target)).toBeNull();
    },
  );

  it('keeps a second question mark in the query', () => {
    expect(requestParts('/g/demo/w?a=1?b=2')?.rawQuery).toBe('a=1?b=2');
  });
});

describe('queryPairs', () => {
  it('decodes once and keeps order and repeats', () => {
    expect(queryPairs('b=2&a=%2531&a=x')).toEqual([
      ['b', '2'],
      ['a', '%31'],
      ['a', 'x'],
    ]);
  });
});

describe('isSamePath', () => {
  it.each([
    ['http://127.0.0.1:4020/g/demo/weather', true],
    ['https://shop.example/g/demo/weather?units=c', true],
    ['http://127.0.0.1:4020/g/demo/other', false],
    ['/g/demo/weather', false],
    ['nonsense', false],
  ])('looks at the path of %s alone', (url, expected) => {
    expect(isSamePath(url, '/g/demo/weather')).toBe(expected);
  });
});
