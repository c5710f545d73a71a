import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonicalPath } from './canonical-path.js';

describe('isCanonicalPath', () => {
  it.each([
    '/',
    '/premium',
    '/premium/',
    '/PREMIUM',
    '/v1/quotes/BRK.B',
    '/a.b/..c/d../...',
    '/users/@me:1,2',
    "/~tilde/!$&'()*+,=@[]_-",
    '/caf%C3%A9',
    '/two%20words',
    '/100%25',
    '/%80',
  ])('accepts %j: it has no other spelling', (path) => {
    expect(isCanonicalPath(path)).toBe(true);
  });

  // The path matrix of attack A26.
  it.each([
    ['', 'nothing'],
    ['premium', 'no slash in front'],
    ['*', 'the asterisk form'],
    ['http://gate.example/premium', 'the absolute form'],
    ['//premium', 'an empty first segment, which reads as a host'],
    ['/a//b', 'an empty segment within'],
    ['/premium//', 'an empty segment before the end'],
    ['/./premium', 'a dot segment'],
    ['/premium/.', 'a dot segment at the end'],
    ['/x/../premium', 'a double dot segment'],
    ['/premium/..', 'a double dot segment at the end'],
    ['/%2e/premium', 'an encoded dot segment'],
    ['/x/%2e%2e/premium', 'an encoded double dot segment'],
    ['/x/.%2E/premium', 'a half encoded double dot segment'],
    ['/%70remium', 'an encoded letter'],
    ['/%7Euser', 'an encoded tilde'],
    ['/premium%2F', 'an encoded slash'],
    ['/premium%2fsecret', 'an encoded slash in lower case'],
    ['/premium\\', 'a backslash'],
    ['/premium%5C', 'an encoded backslash'],
    ['/premium;a=b', 'a matrix parameter'],
    ['/premium%3Ba=b', 'an encoded matrix parameter'],
    ['/premium%00', 'an encoded NUL'],
    ['/premium%0D%0A', 'an encoded line break'],
    ['/premium%7F', 'an encoded DEL'],
    ['/caf%c3%a9', 'lower-case hex digits'],
    ['/caf%C3%a9', 'mixed hex digits'],
    ['/café', 'a raw letter beyond ASCII'],
    ['/premium%', 'a bare percent sign'],
    ['/premium%2', 'half an encoding'],
    ['/premium%zz', 'an encoding that is none'],
    ['/premium%u0041', 'an encoding of another standard'],
    ['/users/%40me', 'an encoded at sign, which an upstream would decode to another endpoint'],
    ['/premium?x', 'a query'],
    ['/premium#x', 'a fragment'],
    ['/two words', 'a raw space'],
    ['/premium ', 'a space at the end'],
    ['/premium\t', 'a tab'],
    ['/premium\n', 'a line break'],
    ['/premium\0', 'a NUL'],
    ['/a"b', 'a quotation mark'],
    ['/a<b>', 'angle brackets'],
    ['/a^b', 'a caret'],
    ['/a`b', 'a backtick'],
    ['/a{b}', 'braces'],
    ['/a|b', 'a bar'],
  ])('refuses %j: %s', (path) => {
    expect(isCanonicalPath(path)).toBe(false);
  });

  const character = fc.integer({ min: 0, max: 0x17f }).map((code) => String.fromCharCode(code));
  const encoded = fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`);
  const token = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('/', 'a', 'Z', '7', '.', '..', '%2e', '//', '\\', '%2F', '%20', '%C3%A9', '%25'),
    },
    { weight: 2, arbitrary: character },
    { weight: 2, arbitrary: encoded },
    { weight: 1, arbitrary: encoded.map((text) => text.toUpperCase()) },
  );
  const anyPath = fc.array(token, { maxLength: 8 }).map((tokens) => `/${tokens.join('')}`);

  it('accepts only what the URL standard leaves as it is', () => {
    let acceptedCount = 0;
    fc.assert(
      fc.property(anyPath, (path) => {
        if (!isCanonicalPath(path)) return;
        acceptedCount += 1;
        const url = new URL(`http://h${path}`);
        if (url.pathname !== path || url.host !== 'h' || url.search !== '' || url.hash !== '') expect.fail(path);
      }),
      { numRuns: 20_000 },
    );
    expect(acceptedCount).toBeGreaterThan(1_000);
  });

  it('accepts only what has the same segments before and after decoding, none of them empty within or a dot segment', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        if (!isCanonicalPath(path)) return;
        const segments = path.slice(1).split('/');
        for (const [at, segment] of segments.entries()) {
          const bytes = segment.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          );
          const isLast = at === segments.length - 1;
          // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
          if (/[/\\;\0-\x1f\x7f]/.test(bytes) || bytes === '.' || bytes === '..') expect.fail(path);
          if (segment === '' && !isLast) expect.fail(path);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
