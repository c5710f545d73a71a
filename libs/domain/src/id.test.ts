import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from './assert.js';
import { decodeId, encodeId, type IdKind, idPrefixes, uuidOfBytes, uuidV7 } from './id.js';

const kinds: readonly IdKind[] = [
  'intent',
  'attempt',
  'transfer',
  'allocation',
  'discrepancy',
  'event',
  'facilitator',
  'refusal',
  'allowedPayer',
  'refund',
  'delivery',
  'webhookEndpoint',
  'webhookRecovery',
  'endpoint',
  'priceVersion',
  'wallet',
  'apiKey',
  'rateLimitOverride',
];
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidOfBytes);
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
const timeMs = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('encodeId and decodeId', () => {
  it('list every kind with a prefix of its own', () => {
    expect(Object.keys(idPrefixes).sort()).toEqual([...kinds].sort());
    expect(new Set(Object.values(idPrefixes)).size).toBe(kinds.length);
  });

  it('read back every id of every kind', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), uuid, (kind, id) => {
        const text = encodeId(kind, id);
        expect(text).toMatch(new RegExp(`^${idPrefixes[kind]}_[a-z2-7]{26}$`));
        expect(decodeId(kind, text)).toBe(id);
      }),
    );
  });

  it('never take an id of one kind for another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.constantFrom(...kinds), uuid, (kind, other, id) => {
        fc.pre(kind !== other);
        expect(decodeId(other, encodeId(kind, id))).toBeNull();
      }),
    );
  });

  it('know one spelling only: no other last character, case, length or padding reads as the same id', () => {
    const id = '01234567-89ab-7cde-8f01-23456789abcd';
    const text = encodeId('intent', id);
    for (const last of 'abcdefghijklmnopqrstuvwxyz234567') {
      const read = decodeId('intent', text.slice(0, -1) + last);
      expect(read === id).toBe(text.endsWith(last));
    }
    const others = [
      text.toUpperCase(),
      `${text}a`,
      text.slice(0, -1),
      `${text}=`,
      ` ${text}`,
      text.replace('_', '-'),
      '',
    ];
    for (const other of others) expect(decodeId('intent', other)).toBeNull();
  });

  it.each(['', 'x', '01234567-89AB-7cde-8f01-23456789abcd', '0123456789ab7cde8f0123456789abcd', ' '.repeat(36)])(
    'never encode %j, which is no lower-case UUID',
    (text) => {
      expect(() => encodeId('intent', text)).toThrow(AssertionFailed);
    },
  );
});

describe('uuidV7', () => {
  it('is a version 7 UUID of variant 10 that holds its time in the first 48 bits', () => {
    fc.assert(
      fc.property(timeMs, random, (time, bytes) => {
        const id = uuidV7(time, bytes);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(time);
      }),
    );
  });

  it('sorts by time as text, whatever the random bytes', () => {
    fc.assert(
      fc.property(timeMs, timeMs, random, random, (a, b, left, right) => {
        fc.pre(a < b);
        expect(uuidV7(a, left) < uuidV7(b, right)).toBe(true);
      }),
    );
  });

  it('keeps 74 random bits: a change of any of them is another id', () => {
    const zeros = uuidV7(1_000, new Uint8Array(10));
    let kept = 0;
    for (let bit = 0; bit < 80; bit += 1) {
      const bytes = new Uint8Array(10);
      bytes[bit >> 3] = 128 >> (bit & 7);
      if (uuidV7(1_000, bytes) !== zeros) kept += 1;
    }
    expect(kept).toBe(74);
  });

  it('refuses to be made from fewer than ten random bytes', () => {
    expect(() => uuidV7(1_000, new Uint8Array(9))).toThrow(AssertionFailed);
  });
});
