import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from './base32.js';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('encodeBase32 and decodeBase32', () => {
  it.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('spell %j as %j (RFC 4648 section 10, lower case, no padding)', (plain, spelled) => {
    expect(encodeBase32(bytesOf(plain))).toBe(spelled);
    expect(decodeBase32(spelled)).toEqual(bytesOf(plain));
  });

  it('read back all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
      }),
    );
  });

  it('know one spelling per byte string: what is read is written back the same', () => {
    const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, (spelled) => {
        const bytes = decodeBase32(spelled);
        if (bytes) expect(encodeBase32(bytes)).toBe(spelled);
      }),
    );
  });

  it('refuse spare bits that are not zero', () => {
    expect(decodeBase32('my')).not.toBeNull();
    for (const last of alphabet.replace(/[aeimquy4]/g, '')) expect(decodeBase32(`m${last}`)).toBeNull();
  });

  it.each([1, 3, 6, 9, 11, 14])('refuse a text of %i characters, a length no byte string has', (length) => {
    expect(decodeBase32('a'.repeat(length))).toBeNull();
  });

  it('refuse every character outside the alphabet', () => {
    const foreign = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !alphabet.includes(character),
    );
    for (const character of [...foreign, 'ａ', '😀', 'ı', 'ſ']) expect(decodeBase32(`aaaaaaa${character}`)).toBeNull();
  });
});
