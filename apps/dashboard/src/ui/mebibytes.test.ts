import { describe, expect, it } from 'vitest';
import { bytesOf, mebibytesOf } from './mebibytes.js';

describe('mebibytes', () => {
  it('come back as the bytes that they were', () => {
    for (const bytes of [null, 0, 262_144, 1_048_576, 16_777_216]) expect(bytesOf(mebibytesOf(bytes))).toBe(bytes);
  });

  it('are whole bytes, however they are typed', () => {
    expect([bytesOf('0.25'), bytesOf(0.3), bytesOf('')]).toEqual([262_144, 314_573, null]);
  });
});
