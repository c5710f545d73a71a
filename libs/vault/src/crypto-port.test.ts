import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantTimeEqual, hmacSha256, randomBytes, sha256 } from './crypto-port.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');

describe('cryptoPort', () => {
  it('hashes the parts as if they were one (FIPS 180-2 vector)', () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(hex(sha256(text('abc')))).toBe(digest);
    expect(hex(sha256(text('a'), text(''), text('bc')))).toBe(digest);
  });

  it('authenticates the parts as if they were one (RFC 4231 case 2)', () => {
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(hex(hmacSha256(text('Jefe'), text('what do ya '), text('want for nothing?')))).toBe(mac);
  });

  it('authenticates as OpenSSL does, whatever the lengths of key and message, one after the other', () => {
    const keys = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 3 });
    const messages = fc.array(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 3 }), { minLength: 1 });
    fc.assert(
      fc.property(keys, messages, (someKeys, someMessages) => {
        for (const parts of someMessages) {
          for (const key of someKeys) {
            const expected = createHmac('sha256', key).update(Buffer.concat(parts)).digest('hex');
            expect(hex(hmacSha256(key, ...parts))).toBe(expected);
          }
        }
      }),
    );
  });

  it('compares by content, and holds different lengths unequal', () => {
    expect(constantTimeEqual(text('same'), text('same'))).toBe(true);
    expect(constantTimeEqual(text('same'), text('sane'))).toBe(false);
    expect(constantTimeEqual(text('same'), text('same longer'))).toBe(false);
  });

  it('draws as many bytes as asked, other ones each time', () => {
    expect(randomBytes(9).byteLength).toBe(9);
    expect(hex(randomBytes(16))).not.toBe(hex(randomBytes(16)));
  });
});
