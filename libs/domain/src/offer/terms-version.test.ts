import { describe, expect, it } from 'vitest';
import { checkTermsInForce, offerExpiresAt, type TermsVersion } from './terms-version.js';

const issuedAt = 1_795_000_000;

const buildTerms = (changes: Partial<TermsVersion> = {}): TermsVersion => ({
  number: 42n,
  bookId: 1,
  mode: 'test',
  endpointId: '0195f3a0-0000-7000-8000-000000000001',
  priceVersionId: '0195f3a0-0000-7000-8000-000000000002',
  settleMode: 'after',
  offerTtlSeconds: 300,
  maxTimeoutSeconds: 300,
  pricedQuery: [],
  pricesBody: false,
  networks: [],
  inForceFromUnixSeconds: issuedAt - 86_400,
  supersededAtUnixSeconds: null,
  revokedAtUnixSeconds: null,
  ...changes,
});

const check = (changes: Partial<TermsVersion>, now = issuedAt) => {
  const result = checkTermsInForce(buildTerms(changes), issuedAt, now);
  return result.kind === 'ok' ? 'ok' : result.reason;
};

describe('checkTermsInForce', () => {
  it('shows the end of an offer without the grace', () => {
    expect(offerExpiresAt(issuedAt, buildTerms({ offerTtlSeconds: 90 }))).toBe(issuedAt + 90);
  });

  it('takes an offer until 120 seconds after its shown end, exact to the second', () => {
    expect(check({}, issuedAt + 300)).toBe('ok');
    expect(check({}, issuedAt + 300 + 120)).toBe('ok');
    expect(check({}, issuedAt + 300 + 121)).toBe('offer_expired');
  });

  it('follows the terms of the offer in how long it lives', () => {
    expect(check({ offerTtlSeconds: 60 }, issuedAt + 180)).toBe('ok');
    expect(check({ offerTtlSeconds: 60 }, issuedAt + 181)).toBe('offer_expired');
  });

  it('takes an id sealed by a clock up to 60 seconds ahead, and no further', () => {
    expect(check({}, issuedAt - 60)).toBe('ok');
    expect(check({}, issuedAt - 61)).toBe('invoice_unknown');
  });

  it('takes an id sealed up to 60 seconds before its terms came into force, and no earlier', () => {
    expect(check({ inForceFromUnixSeconds: issuedAt + 60 })).toBe('ok');
    expect(check({ inForceFromUnixSeconds: issuedAt + 61 })).toBe('invoice_unknown');
  });

  it('honours superseded terms for offers sealed before, or within the ten seconds every snapshot needs', () => {
    expect(check({ supersededAtUnixSeconds: issuedAt + 1 }, issuedAt + 420)).toBe('ok');
    expect(check({ supersededAtUnixSeconds: issuedAt - 10 })).toBe('ok');
  });

  it('refuses an id sealed later under superseded terms, so that a leaked key revives no old, cheaper price', () => {
    expect(check({ supersededAtUnixSeconds: issuedAt - 11 })).toBe('offer_withdrawn');
  });

  it('refuses withdrawn terms at once, whenever the offer was sealed', () => {
    expect(check({ revokedAtUnixSeconds: issuedAt + 5 }, issuedAt + 6)).toBe('offer_withdrawn');
    expect(check({ revokedAtUnixSeconds: issuedAt - 5 })).toBe('offer_withdrawn');
  });

  describe('tells the earlier reason where two apply', () => {
    it('from the future before expired', () => {
      expect(check({ offerTtlSeconds: -10_000 }, issuedAt - 61)).toBe('invoice_unknown');
    });

    it('expired before not yet in force', () => {
      expect(check({ inForceFromUnixSeconds: issuedAt + 61 }, issuedAt + 421)).toBe('offer_expired');
    });

    it('not yet in force before superseded', () => {
      const changes = { inForceFromUnixSeconds: issuedAt + 61, supersededAtUnixSeconds: issuedAt - 11 };
      expect(check(changes)).toBe('invoice_unknown');
    });

    it('expired before withdrawn', () => {
      expect(check({ revokedAtUnixSeconds: issuedAt }, issuedAt + 421)).toBe('offer_expired');
    });
  });
});
