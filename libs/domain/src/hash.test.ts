import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiBytes, equalBytes, hexOf, utf8Bytes } from './hash.js';

describe('bytes of texts', () => {
  it('are UTF-8, as every other program would write them', () => {
    // Halves of a character have no UTF-8: those code points are moved below.
    const scalar = fc.integer({ min: 0, max: 0x10ffff }).map((code) => (code >> 11 === 0x1b ? code - 0x800 : code));
    fc.assert(
      fc.property(fc.array(scalar, { maxLength: 12 }), (codes) => {
        const text = String.fromCodePoint(...codes);
        expect(hexOf(utf8Bytes(text))).toBe(Buffer.from(text, 'utf8').toString('hex'));
      }),
    );
  });

  it.each([0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff])(
    'are UTF-8 also where its length steps, at %i',
    (code) => {
      const text = String.fromCodePoint(code);
      expect(hexOf(utf8Bytes(text))).toBe(Buffer.from(text, 'utf8').toString('hex'));
    },
  );

  it('differ wherever two texts differ, also in broken halves of a character', () => {
    const unit = fc.constantFrom('a', '\ud83d', '\ude00', 'é', '€', '\uffff', '\u{10ffff}', '\0');
    const text = fc.array(unit, { maxLength: 6 }).map((units) => units.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(hexOf(utf8Bytes(a)) === hexOf(utf8Bytes(b))).toBe(a === b);
      }),
    );
  });

  it('are one byte a character where the text is ASCII', () => {
    expect(asciiBytes('tollbook\0')).toEqual(utf8Bytes('tollbook\0'));
  });
});

describe('equalBytes and hexOf', () => {
  it('hold two byte strings equal exactly when they are written alike', () => {
    const bytes = fc.uint8Array({ maxLength: 4, max: 2 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(hexOf(a) === hexOf(b));
      }),
    );
  });

  it('write two lower-case digits a byte', () => {
    expect(hexOf(Uint8Array.of(0, 10, 255))).toBe('000aff');
  });
});
