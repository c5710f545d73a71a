import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256OfContentDigest } from './content-digest.js';

const bytes = createHash('sha256').update('body').digest();
const text = `sha-256=:${bytes.toString('base64')}:`;

describe('sha256OfContentDigest', () => {
  it.each([
    [text],
    [`  ${text} `],
    [`sha-512=:AAAA:, ${text}`],
    [`${text};q=1`],
    [`sha-256=:${Buffer.alloc(32).toString('base64')}:,${text}`],
  ])('reads %s', (value) => {
    expect(sha256OfContentDigest(['Content-Type', 'text/plain', 'Content-DIGEST', value])).toEqual(bytes);
  });

  it.each([
    ['sha-256=abc'],
    ['sha-256=:abc=:'],
    [`SHA-256=:${bytes.toString('base64')}:`],
    [`sha-512=:${bytes.toString('base64')}:`],
    [''],
  ])('finds none in %s', (value) => {
    expect(sha256OfContentDigest(['content-digest', value])).toBeNull();
  });

  it('finds none where there is none', () => {
    expect(sha256OfContentDigest(['digest', text])).toBeNull();
  });
});
