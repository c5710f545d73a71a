import { describe, expect, it } from 'vitest';
import { offerState } from './offer-state.js';

describe('offerState', () => {
  it.each([
    [null, null, 'open'],
    [null, 'offer_expired', 'expired'],
    [null, 'offer_withdrawn', 'withdrawn'],
    ['open', null, 'open'],
    ['failed', null, 'open'],
    ['failed', 'offer_expired', 'expired'],
    ['processing', 'offer_expired', 'processing'],
    ['unknown', 'offer_withdrawn', 'processing'],
    ['confirmed', 'offer_expired', 'paid'],
    ['final', 'offer_withdrawn', 'paid'],
    ['canceled', null, 'withdrawn'],
    ['expired', null, 'expired'],
  ] as const)('of a payment that is %s, with terms that are %s, is %s', (status, ended, state) => {
    expect(offerState(status, ended)).toBe(state);
  });
});
