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
