import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf, type Sha256 } from '../hash.js';
import { type PricedRequest, requestFingerprint, resourceTag } from './fingerprint.js';

const sha256: Sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

type Rest = { readonly rawQuery: string; readonly contentType: string; readonly bodySha256: Uint8Array };

/** What is hashed, whole: two inputs that differ here can collide only if SHA-256 does. */
const hashedBy = (run: (hash: Sha256) => void): string => {
  let hashed = '';
  run((...parts) => {
    hashed = hexOf(Buffer.concat(parts));
    return new Uint8Array(32);
  });
  return hashed;
};

const buildRequest = (changes: Partial<PricedRequest> = {}): PricedRequest => ({
  endpointId: '0195f3a0-0000-7000-8000-000000000001',
  method: 'GET',
  path: '/weather',
  pricedQuery: [['tier', 'gold']],
  bodySha256: null,
  ...changes,
});
const buildRest = (changes: Partial<Rest> = {}): Rest => ({
  rawQuery: 'tier=gold&page=2',
  contentType: 'application/json',
  bodySha256: new Uint8Array(32).fill(3),
  ...changes,
});

/** Few and short texts, so that parts often run into one another. */
const text = fc.constantFrom('', 'a', 'b', 'aa', 'ab', 'a\0', '\0', '\0\0\0\u0001', 'é');
const digest = fc.constantFrom(new Uint8Array(32), new Uint8Array(32).fill(97));
const anyRequest: fc.Arbitrary<PricedRequest> = fc.record({
  endpointId: text,
  method: text,
  path: text,
  pricedQuery: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  bodySha256: fc.option(digest),
});
const anyRest: fc.Arbitrary<Rest> = fc.record({ rawQuery: text, contentType: text, bodySha256: digest });

describe('resourceTag', () => {
  it('never hashes two different requests alike, however their parts run together', () => {
    fc.assert(
      fc.property(anyRequest, anyRequest, (a, b) => {
        const [left, right] = [a, b].map((request) => hashedBy((hash) => resourceTag(request, hash)));
        expect(left === right).toBe(JSON.stringify(plain(a)) === JSON.stringify(plain(b)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the ten bytes an invoice id has room for, the first of the hash', () => {
    expect(resourceTag(buildRequest(), sha256)).toHaveLength(10);
    expect(hexOf(resourceTag(buildRequest(), sha256))).toBe('19f9050224453e3bccd6');
  });

  it.each<[string, Partial<PricedRequest>]>([
    ['HEAD instead of GET', { method: 'HEAD' }],
    ['a lower-case method', { method: 'get' }],
    ['another endpoint', { endpointId: '0195f3a0-0000-7000-8000-000000000002' }],
    ['another path', { path: '/weather/' }],
    ['another case of the path', { path: '/Weather' }],
    ['another value of a priced parameter', { pricedQuery: [['tier', 'silver']] }],
    ['no priced parameter', { pricedQuery: [] }],
    [
      'one priced parameter more',
      {
        pricedQuery: [
          ['tier', 'gold'],
          ['x', ''],
        ],
      },
    ],
    ['a priced body', { bodySha256: new Uint8Array(32) }],
  ])('is another one for %s (A02, A27, A34)', (_, changes) => {
    expect(hexOf(resourceTag(buildRequest(changes), sha256))).not.toBe(hexOf(resourceTag(buildRequest(), sha256)));
  });
});

describe('requestFingerprint', () => {
  it('never hashes two different requests alike, however their parts run together', () => {
    fc.assert(
      fc.property(anyRequest, anyRest, anyRequest, anyRest, (a, restOfA, b, restOfB) => {
        const left = hashedBy((hash) => requestFingerprint(a, restOfA, hash));
        const right = hashedBy((hash) => requestFingerprint(b, restOfB, hash));
        const isSame = JSON.stringify([plain(a), rest(restOfA)]) === JSON.stringify([plain(b), rest(restOfB)]);
        expect(left === right).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never takes a priced query pair for query and content type, nor a priced body for the body', () => {
    const pairs = hashedBy((hash) =>
      requestFingerprint(buildRequest({ pricedQuery: [['a', 'b']] }), buildRest(), hash),
    );
    const bare = buildRequest({ pricedQuery: [] });
    expect(hashedBy((hash) => requestFingerprint(bare, buildRest({ rawQuery: 'a', contentType: 'b' }), hash))).not.toBe(
      pairs,
    );
    const body = new Uint8Array(32).fill(3);
    expect(hexOf(requestFingerprint(buildRequest({ bodySha256: body }), buildRest(), sha256))).not.toBe(
      hexOf(requestFingerprint(buildRequest(), buildRest({ bodySha256: body }), sha256)),
    );
  });

  it.each<[string, Partial<Rest>]>([
    ['another raw query of the same priced parameters', { rawQuery: 'page=2&tier=gold' }],
    ['another content type', { contentType: 'text/plain' }],
    ['another body', { bodySha256: new Uint8Array(32).fill(4) }],
  ])('is another one for %s', (_, changes) => {
    const before = hexOf(requestFingerprint(buildRequest(), buildRest(), sha256));
    expect(hexOf(requestFingerprint(buildRequest(), buildRest(changes), sha256))).not.toBe(before);
  });

  it('is no resource tag: the two are hashed under names of their own', () => {
    const fingerprint = hashedBy((hash) => requestFingerprint(buildRequest(), buildRest(), hash));
    expect(fingerprint).not.toContain(hashedBy((hash) => resourceTag(buildRequest(), hash)));
  });

  it('stays the same from one release to the next, since replays are compared with stored ones', () => {
    expect(hexOf(requestFingerprint(buildRequest(), buildRest(), sha256))).toBe(
      'c449a5c86eb7d80d514f411418cf4029883e18a8a526051d0e49a3724bbb6a1d',
    );
  });
});

function plain(request: PricedRequest): unknown {
  return { ...request, bodySha256: request.bodySha256 ? hexOf(request.bodySha256) : null };
}

function rest(parts: Rest): unknown {
  return { ...parts, bodySha256: hexOf(parts.bodySha256) };
}
