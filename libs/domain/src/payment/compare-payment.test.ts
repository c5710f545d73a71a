import { describe, expect, it } from 'vitest';
import type { TermsVersion } from '../offer/terms-version.js';
import type { AcceptedTerms, Authorization } from './check-terms.js';
import { type ComparedField, type ComparePaymentInput, comparedFields, comparePayment } from './compare-payment.js';

const now = Date.parse('2026-11-20T12:00:00Z') / 1000;
const payer = `0x${'11'.repeat(20)}`;
const payTo = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01';
const token = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';
const asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: token.toLowerCase(),
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};
const terms: TermsVersion = {
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
  networks: [
    {
      network: 'eip155:84532',
      asset,
      walletId: '0195f3a0-0000-7000-8000-000000000003',
      assetText: token,
      payToText: payTo,
      amountAtomic: 10_000n,
    },
  ],
  inForceFromUnixSeconds: now - 1_000,
  supersededAtUnixSeconds: null,
  revokedAtUnixSeconds: null,
};

type Changes = {
  readonly accepted?: Partial<AcceptedTerms> | null;
  readonly authorization?: Partial<Authorization>;
  readonly network?: string;
  readonly resourceUrl?: string;
  readonly input?: Partial<ComparePaymentInput>;
};

function compared({ accepted = {}, authorization, network = 'eip155:84532', resourceUrl, input }: Changes = {}) {
  return comparePayment({
    terms,
    presented: {
      x402Version: accepted === null ? 1 : 2,
      scheme: 'exact',
      network,
      accepted: accepted && {
        scheme: 'exact',
        network,
        asset: token.toLowerCase(),
        payTo,
        amount: '10000',
        maxTimeoutSeconds: 300,
        extra: {},
        ...accepted,
      },
      resourceUrl: resourceUrl ?? null,
      invoiceId: null,
      identifier: null,
      authorization: {
        from: payer,
        to: payTo.toLowerCase(),
        valueAtomic: 10_000n,
        validAfterUnixSeconds: BigInt(now - 600),
        validBeforeUnixSeconds: BigInt(now + 300),
        nonce: `0x${'22'.repeat(32)}`,
        ...authorization,
      },
      signature: '0x',
    },
    resource: { path: '/g/demo/weather', isEqual: null },
    nowUnixSeconds: now,
    lifeSecondsMin: 50,
    signer: payer,
    isSignerRight: true,
    named: null,
    ...input,
  });
}

const stranger = `0x${'ee'.repeat(20)}`;

describe('comparePayment', () => {
  it('puts every field beside its other side, and none differs where the payment is right', () => {
    expect(compared()).toEqual([
      { field: 'scheme', expected: 'exact', received: 'exact', differs: false },
      { field: 'network', expected: 'eip155:84532', received: 'eip155:84532', differs: false },
      { field: 'resource', expected: '/g/demo/weather', received: null, differs: false },
      { field: 'asset', expected: token, received: token.toLowerCase(), differs: false },
      { field: 'recipient', expected: payTo, received: payTo.toLowerCase(), differs: false },
      { field: 'amount', expected: '0.01 USDC (10000)', received: '0.01 USDC (10000)', differs: false },
      {
        field: 'validAfter',
        expected: 'before 2026-11-20T12:00:00Z',
        received: '2026-11-20T11:50:00Z',
        differs: false,
      },
      {
        field: 'validBefore',
        expected: '2026-11-20T12:00:50Z to 2026-11-20T12:06:00Z',
        received: '2026-11-20T12:05:00Z',
        differs: false,
      },
      { field: 'signer', expected: payer, received: payer, differs: false },
    ]);
  });

  it.each<[ComparedField, Changes, string | null]>([
    ['scheme', { accepted: { scheme: 'upto' } }, 'upto'],
    ['network', { network: 'eip155:1' }, 'eip155:1'],
    ['resource', { resourceUrl: 'https://x/b', input: { resource: { path: '/a', isEqual: false } } }, 'https://x/b'],
    ['asset', { accepted: { asset: stranger } }, stranger],
    ['recipient', { accepted: { payTo: stranger } }, stranger],
    ['recipient', { authorization: { to: stranger } }, stranger],
    ['amount', { authorization: { valueAtomic: 9_999n } }, '0.009999 USDC (9999)'],
    ['amount', { accepted: { amount: 'free' } }, 'free'],
    ['validAfter', { authorization: { validAfterUnixSeconds: BigInt(now) } }, '2026-11-20T12:00:00Z'],
    ['validBefore', { authorization: { validBeforeUnixSeconds: BigInt(now + 49) } }, '2026-11-20T12:00:49Z'],
    ['validBefore', { authorization: { validBeforeUnixSeconds: 2n ** 255n } }, `${2n ** 255n}`],
    ['signer', { input: { signer: stranger, isSignerRight: false } }, stranger],
    ['signer', { input: { signer: null, isSignerRight: false } }, null],
  ])('marks the %s alone', (field, changes, received) => {
    expect(compared(changes).filter(({ differs }) => differs)).toMatchObject([{ field, received }]);
  });

  it('shows of the right address what was held against the path, and of another all that came', () => {
    const resourceOf = (changes: Changes) => compared(changes).find(({ field }) => field === 'resource');
    const path = '/g/demo/weather';
    const right = { resourceUrl: `http://10.0.0.1:4020${path}?a=1`, input: { resource: { path, isEqual: true } } };
    expect(resourceOf(right)).toMatchObject({ expected: path, received: path, differs: false });
    const silent = { input: { resource: { path, isEqual: false } } };
    expect(resourceOf(silent)).toMatchObject({ expected: path, received: null, differs: true });
  });

  it('shows no invoice id, whoever wrote it down', () => {
    const id = `inv_${'a1'.repeat(40)}`;
    const resource = { path: `/pay/${id}/x402`, isEqual: false };
    const named = { expected: `extra.invoiceId ${id}`, received: id };
    const urls = { resourceUrl: `https://x/pay/${id.toUpperCase()}/x402` };
    const own = compared({ ...urls, input: { resource } });
    const told = compared({ input: { named } });
    for (const lines of [own, told]) expect(JSON.stringify(lines)).not.toMatch(/a1a1/i);
    expect(own.find(({ field }) => field === 'resource')?.expected).toBe('/pay/inv_…/x402');
    expect(told.at(-1)).toMatchObject({ field: 'terms', expected: 'extra.invoiceId inv_…', received: 'inv_…' });
  });

  it('shows two faults where there are two', () => {
    const lines = compared({ authorization: { to: stranger, valueAtomic: 1n } });
    expect(lines.filter(({ differs }) => differs).map(({ field }) => field)).toEqual(['recipient', 'amount']);
  });

  it('says nothing of a token that version 1 never names', () => {
    expect(compared({ accepted: null }).find(({ field }) => field === 'asset')).toMatchObject({
      received: null,
      differs: false,
    });
  });

  it('adds what the refusal named where no other line tells it', () => {
    const named = { expected: 'maxTimeoutSeconds 300', received: 'maxTimeoutSeconds 60' };
    expect(compared({ input: { named } }).at(-1)).toEqual({ field: 'terms', ...named, differs: true });
    const told = compared({ authorization: { valueAtomic: 1n }, input: { named } });
    expect(told.some(({ field }) => field === 'terms')).toBe(false);
    expect(comparedFields).toContain('terms');
  });
});
