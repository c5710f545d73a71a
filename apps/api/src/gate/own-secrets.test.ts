import { describe, expect, it } from 'vitest';
import { hasOwnToken, withoutOwnCookies, withoutOwnTokens } from './own-secrets.js';

const key = `tbk_test_${'a2'.repeat(25)}`;

describe('hasOwnToken', () => {
  it.each([
    [key],
    [`Bearer ${key}`],
    [`bearer tbk_live_${'b'.repeat(50)}`],
    [`Bearer tbp_${'c'.repeat(32)}`],
    [`Basic ${Buffer.from(`${key}:`).toString('base64')}`],
    [`basic ${Buffer.from(`user:${key}`).toString('base64')}`],
  ])('finds one in %s', (value) => {
    expect(hasOwnToken(value)).toBe(true);
  });

  it.each(['Bearer sk_test_abc', 'Basic eA==', 'tbk_', 'Digest username="tbk"', ''])('finds none in %s', (value) => {
    expect(hasOwnToken(value)).toBe(false);
  });
});

it('leaves the cookies of the merchant’s own', () => {
  expect(withoutOwnCookies('a=1; tollbook.session_token=x.y; b=2')).toBe('a=1; b=2');
  expect(withoutOwnCookies('__Secure-tollbook.session_token=x; __Host-tollbook.state=y;tollbook.session_data=z')).toBe(
    null,
  );
  expect(withoutOwnCookies(`theirs=${key}`)).toBe(null);
  expect(withoutOwnCookies('tollbooks=1')).toBe('tollbooks=1');
});

it('leaves other parameters as they were spelled', () => {
  expect(withoutOwnTokens(`q=%7e&key=${key}&a=b+c`)).toBe('q=%7e&a=b+c');
  expect(withoutOwnTokens(`key=tbk%5Ftest_${'a'.repeat(50)}`)).toBe('');
  expect(withoutOwnTokens('a=1&&b')).toBe('a=1&&b');
});
