import { expect, it } from 'vitest';
import { createApiKey, hashApiKey, parseApiKey } from './api-key.js';

const PEPPER = new Uint8Array(32).fill(7);

it.each(['test', 'live'] as const)('makes a %s key that reads back as the lookup and secret it was made of', (mode) => {
  const key = createApiKey(mode);
  expect(key.text).toMatch(new RegExp(`^tbk_${mode}_[a-z2-7]{50}$`));
  const parsed = parseApiKey(key.text);
  expect(parsed).toMatchObject({ mode, lookup: key.lookup });
  expect(hashApiKey(PEPPER, parsed?.secret ?? '')).toEqual(key.secretHash(PEPPER));
});

it('makes keys that share nothing', () => {
  const [one, two] = [createApiKey('test'), createApiKey('test')];
  expect(one.lookup).not.toBe(two.lookup);
  expect(one.secretHash(PEPPER)).not.toEqual(two.secretHash(PEPPER));
});

it('hashes under the pepper', () => {
  const key = createApiKey('live');
  expect(key.secretHash(PEPPER)).not.toEqual(key.secretHash(new Uint8Array(32)));
  expect(key.secretHash(PEPPER).byteLength).toBe(32);
});

it('refuses a key with any one character mistyped', () => {
  const { text } = createApiKey('test');
  for (let index = 'tbk_test_'.length; index < text.length; index += 1) {
    const replacement = text[index] === 'a' ? 'b' : 'a';
    expect(parseApiKey(text.slice(0, index) + replacement + text.slice(index + 1))).toBeNull();
  }
});

it('refuses a test key passed off as live', () => {
  expect(parseApiKey(createApiKey('test').text.replace('tbk_test_', 'tbk_live_'))).toBeNull();
});

it.each(['', 'tbk_test_', 'tbp_abc', `tbk_test_${'a'.repeat(49)}`, `tbk_prod_${'a'.repeat(50)}`])(
  'refuses %j, which is no key',
  (text) => {
    expect(parseApiKey(text)).toBeNull();
  },
);

it('refuses a key in upper case or with space around it: one spelling only', () => {
  const { text } = createApiKey('test');
  expect(parseApiKey(text.toUpperCase())).toBeNull();
  expect(parseApiKey(` ${text}`)).toBeNull();
  expect(parseApiKey(`${text}\n`)).toBeNull();
});
