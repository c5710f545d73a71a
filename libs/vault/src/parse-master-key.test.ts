import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseMasterKey } from './parse-master-key.js';

describe('parseMasterKey', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('reads 32 bytes written as %s', (encoding) => {
    const key = randomBytes(32);
    expect(parseMasterKey(key.toString(encoding))).toEqual(key);
    expect(parseMasterKey(`${key.toString(encoding)}\n`)).toEqual(key);
  });

  it.each(['', 'password', randomBytes(31).toString('hex'), randomBytes(33).toString('base64')])(
    'refuses what is not 32 bytes',
    (text) => {
      expect(() => parseMasterKey(text)).toThrow(expect.objectContaining({ code: 'master_key_invalid' }));
    },
  );

  it('refuses a key nobody drew at random', () => {
    expect(() => parseMasterKey('0'.repeat(64))).toThrow('too regular');
  });

  it('does not repeat the key in its refusal', () => {
    expect(() => parseMasterKey('s3cret-canary')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret-canary') }),
    );
  });
});
