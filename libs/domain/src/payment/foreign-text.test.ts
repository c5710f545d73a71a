import { expect, it } from 'vitest';
import { foreignText } from './foreign-text.js';

it.each([
  ['eip155:8453', 'eip155:8453'],
  ['red \u001b[31m alert', 'red \uFFFD[31m alert'],
  ['null \u0000', 'null \uFFFD'],
  ['half \ud800 a pair', 'half \uFFFD a pair'],
  ['evil \u202e order', 'evil \uFFFD order'],
  ['two\nlines', 'two\uFFFDlines'],
])('of %j keeps what is plain', (text, expected) => {
  expect(foreignText(text)).toBe(expected);
});

it('is cut where nobody reads on, and never within a pair', () => {
  expect(foreignText('a'.repeat(500))).toBe(`${'a'.repeat(160)}…`);
  expect(foreignText(`${'a'.repeat(160)}😀`)).toBe(`${'a'.repeat(160)}…`);
  expect(() => encodeURIComponent(foreignText(`${'a'.repeat(159)}😀`))).not.toThrow();
});
