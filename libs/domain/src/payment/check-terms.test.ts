import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evmExtra, type Offer } from '../offer/offer.js';
import type { TermsNetwork } from '../offer/terms-version.js';
import {
  type AcceptedTerms,
  type Authorization,
  type CheckTermsInput,
  checkTerms,
  type PresentedPayment,
} from './check-terms.js';
import { termsRefusals } from './refusal-reason.js';

const now = 1_795_000_100;
const lifeSecondsMin = 50;
const maxTimeoutSeconds = 300;
const payTo = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01';
const paymentId = 'pi_aeaaaaaaaaaaaaaaaaaaaaaaaa';
const expiresAt = '2026-11-20T12:05:00Z';

const buildEntry = (changes: Partial<TermsNetwork> = {}): TermsNetwork => ({
  network: 'eip155:84532',
  asset: {
    assetId: 1,
    network: 'eip155:84532',
    contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
    symbol: 'USDC',
    decimals: 6,
    eip712: { name: 'USDC', version: '2' },
  },
  walletId: '0195f3a0-0000-7000-8000-000000000003',
  assetText: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  payToText: payTo,
  amountAtomic: 10_000n,
  ...changes,
});
const other = buildEntry({
  network: 'eip155:8453',
  asset: {
    ...buildEntry().asset,
    assetId: 2,
    network: 'eip155:8453',
    contract: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
    eip712: { name: 'USD Coin', version: '2' },
  },
  assetText: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  amountAtomic: 20_000n,
});

const offer: Offer = {
  invoiceId: `inv_${'a'.repeat(80)}`,
  invoiceBytes: new Uint8Array(50),
  terms: {
    number: 42n,
    bookId: 1,
    mode: 'test',
    endpointId: '0195f3a0-0000-7000-8000-000000000001',
    priceVersionId: '0195f3a0-0000-7000-8000-000000000002',
    settleMode: 'after',
    offerTtlSeconds: 300,
    maxTimeoutSeconds,
    pricedQuery: [],
    pricesBody: false,
    networks: [buildEntry(), other],
    inForceFromUnixSeconds: now - 1_000,
    supersededAtUnixSeconds: null,
    revokedAtUnixSeconds: null,
  },
  issuedAtUnixSeconds: now - 100,
  expiresAtUnixSeconds: now + 200,
};

const ourExtra = evmExtra({ invoiceId: offer.invoiceId, paymentId, expiresAt, eip712: buildEntry().asset.eip712 });
const withoutKey = (key: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(ourExtra).filter(([name]) => name !== key));

const buildAccepted = (changes: Partial<AcceptedTerms> = {}): AcceptedTerms => ({
  scheme: 'exact',
  network: 'eip155:84532',
  asset: buildEntry().assetText,
  payTo,
  amount: '10000',
  maxTimeoutSeconds,
  extra: ourExtra,
  ...changes,
});
const buildAuthorization = (changes: Partial<Authorization> = {}): Authorization => ({
  from: `0x${'11'.repeat(20)}`,
  to: payTo.toLowerCase(),
  valueAtomic: 10_000n,
  validAfterUnixSeconds: BigInt(now - 600),
  validBeforeUnixSeconds: BigInt(now + maxTimeoutSeconds),
  nonce: `0x${'22'.repeat(32)}`,
  ...changes,
});

type Changes = {
  readonly payment?: Partial<PresentedPayment>;
  readonly accepted?: Partial<AcceptedTerms> | null;
  readonly authorization?: Partial<Authorization>;
  readonly input?: Partial<CheckTermsInput>;
};
const build = ({ payment, accepted, authorization, input }: Changes = {}): CheckTermsInput => ({
  offer,
  paymentId,
  expiresAt,
  presented: {
    x402Version: accepted === null ? 1 : 2,
    scheme: 'exact',
    network: 'eip155:84532',
    accepted: accepted === null ? null : buildAccepted(accepted),
    resourceUrl: null,
    invoiceId: accepted === null ? null : offer.invoiceId,
    identifier: null,
    authorization: buildAuthorization(authorization),
    signature: '0x',
    ...payment,
  },
  isResourceEqual: true,
  nowUnixSeconds: now,
  lifeSecondsMin,
  ...input,
});
const check = (changes?: Changes) => {
  const result = checkTerms(build(changes));
  return result.kind === 'ok' ? 'ok' : result.reason;
};

/** Every way a payment can differ from its offer, in the order in which `checkTerms` looks. */
const faults: readonly (readonly [what: string, reason: string, changes: Changes])[] = [
  ['another scheme', 'not_offered', { payment: { scheme: 'upto' } }],
  ['another scheme in `accepted`', 'not_offered', { accepted: { scheme: 'upto' } }],
  ['a network that was not offered', 'network_mismatch', { payment: { network: 'eip155:1' } }],
  ['another network in `accepted`', 'network_mismatch', { accepted: { network: 'eip155:8453' } }],
  ['another resource', 'resource_mismatch', { input: { isResourceEqual: false } }],
  ['another asset', 'asset_mismatch', { accepted: { asset: `0x${'bad0'.repeat(10)}` } }],
  ['another recipient in `accepted`', 'recipient_mismatch', { accepted: { payTo: `0x${'bad0'.repeat(10)}` } }],
  ['another recipient signed', 'recipient_mismatch', { authorization: { to: `0x${'bad0'.repeat(10)}` } }],
  ['another amount in `accepted`', 'amount_mismatch', { accepted: { amount: '9999' } }],
  ['a smaller amount signed', 'amount_mismatch', { authorization: { valueAtomic: 9_999n } }],
  ['a larger amount signed', 'amount_mismatch', { authorization: { valueAtomic: 10_001n } }],
  ['another `maxTimeoutSeconds`', 'not_offered', { accepted: { maxTimeoutSeconds: 301 } }],
  ['another `extra`', 'not_offered', { accepted: { extra: { ...ourExtra, name: 'USD Coin' } } }],
  ['a window not open yet', 'authorization_window', { authorization: { validAfterUnixSeconds: BigInt(now + 1) } }],
  ['a window that ends too soon', 'authorization_window', { authorization: { validBeforeUnixSeconds: BigInt(now) } }],
  ['a window that never ends', 'authorization_window', { authorization: { validBeforeUnixSeconds: 2n ** 256n - 1n } }],
];
const both = (a: Changes, b: Changes): Changes => {
  const accepted =
    a.accepted === undefined && b.accepted === undefined ? {} : { accepted: { ...a.accepted, ...b.accepted } };
  return {
    ...accepted,
    payment: { ...b.payment, ...a.payment },
    authorization: { ...b.authorization, ...a.authorization },
    input: { ...b.input, ...a.input },
  };
};

describe('checkTerms', () => {
  it('accepts exactly what was offered, on whichever network the buyer chose', () => {
    expect(checkTerms(build())).toEqual({ kind: 'ok', entry: buildEntry() });
    const extra = evmExtra({ invoiceId: offer.invoiceId, paymentId, expiresAt, eip712: other.asset.eip712 });
    const onOther: Changes = {
      payment: { network: other.network },
      accepted: { network: other.network, asset: other.assetText, amount: '20000', extra },
      authorization: { valueAtomic: 20_000n },
    };
    expect(checkTerms(build(onOther))).toEqual({ kind: 'ok', entry: other });
  });

  it('accepts a v1 payment, which names neither terms nor resource', () => {
    expect(check({ accepted: null, input: { isResourceEqual: null } })).toBe('ok');
  });

  it('compares addresses as bytes, not as spelling', () => {
    expect(check({ accepted: { payTo: payTo.toLowerCase(), asset: buildEntry().asset.contract } })).toBe('ok');
    expect(check({ accepted: { payTo: payTo.toUpperCase().replace('0X', '0x') } })).toBe('ok');
  });

  it.each(faults)('refuses %s: %s', (_, reason, changes) => {
    expect(check(changes)).toBe(reason);
  });

  it('has a test for every reason of its list', () => {
    expect([...new Set(faults.map(([, reason]) => reason))].sort()).toEqual([...termsRefusals].sort());
  });

  it('tells what was expected and what came', () => {
    expect(checkTerms(build({ authorization: { valueAtomic: 9_999n } }))).toEqual({
      kind: 'refused',
      reason: 'amount_mismatch',
      expected: '10000',
      received: '9999',
    });
    expect(checkTerms(build({ payment: { network: 'eip155:1' } }))).toMatchObject({
      expected: 'eip155:84532 eip155:8453',
      received: 'eip155:1',
    });
    expect(
      checkTerms(build({ payment: { resourceUrl: 'https://h/b' }, input: { isResourceEqual: false } })),
    ).toMatchObject({
      received: 'https://h/b',
    });
  });

  describe('lets the earlier reason win where two apply', () => {
    const neighbours = faults.slice(1).map((later, at) => ({ earlier: faults[at] ?? later, later }));
    const pairs = neighbours.filter(({ earlier, later }) => earlier[1] !== later[1]);

    it.each(pairs.map(({ earlier, later }) => [earlier[1], later[1], earlier, later] as const))(
      '%s before %s',
      (reason, _, earlier, later) => {
        expect(check(both(earlier[2], later[2]))).toBe(reason);
      },
    );

    it('also for any two faults that are not neighbours', () => {
      const at = fc.integer({ min: 0, max: faults.length - 1 });
      fc.assert(
        fc.property(at, at, (first, second) => {
          const [earlier, later] = [faults[Math.min(first, second)], faults[Math.max(first, second)]];
          if (!earlier || !later) return;
          expect(check(both(earlier[2], later[2]))).toBe(earlier[1]);
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('holds the window to the second', () => {
    const atAfter = (seconds: number) => check({ authorization: { validAfterUnixSeconds: BigInt(now + seconds) } });
    const atBefore = (seconds: number) => check({ authorization: { validBeforeUnixSeconds: BigInt(now + seconds) } });

    it('opens after `validAfter`, as the token contract does', () => {
      expect(atAfter(-1)).toBe('ok');
      expect(atAfter(0)).toBe('authorization_window');
      expect(check({ authorization: { validAfterUnixSeconds: 0n } })).toBe('ok');
    });

    it('leaves the time that verifier, upstream and send need', () => {
      expect(atBefore(lifeSecondsMin)).toBe('ok');
      expect(atBefore(lifeSecondsMin - 1)).toBe('authorization_window');
    });

    it('ends no later than offered plus 60 seconds for a clock that is ahead', () => {
      expect(atBefore(maxTimeoutSeconds + 60)).toBe('ok');
      expect(atBefore(maxTimeoutSeconds + 61)).toBe('authorization_window');
    });

    it('holds in v1 as well', () => {
      const late = { validBeforeUnixSeconds: BigInt(now + maxTimeoutSeconds + 61) };
      expect(check({ accepted: null, authorization: late })).toBe('authorization_window');
    });

    it('reads no time past what 256 bits hold as a small one', () => {
      expect(check({ authorization: { validAfterUnixSeconds: 2n ** 256n - 1n } })).toBe('authorization_window');
    });
  });

  describe('compares `accepted` with ours and never takes terms from it', () => {
    it('refuses a cheaper price that client and signature agree on (A12)', () => {
      expect(check({ accepted: { amount: '1' }, authorization: { valueAtomic: 1n } })).toBe('amount_mismatch');
    });

    it('refuses a recipient that client and signature agree on (A12)', () => {
      const mine = `0x${'33'.repeat(20)}`;
      expect(check({ accepted: { payTo: mine }, authorization: { to: mine } })).toBe('recipient_mismatch');
    });

    it('refuses the price of the other network (A12)', () => {
      expect(check({ accepted: { amount: '20000' }, authorization: { valueAtomic: 20_000n } })).toBe('amount_mismatch');
    });

    it.each(['010000', '10000.0', '1e4', '0x2710', ' 10000', '10,000', ''])(
      'refuses the amount spelled %j',
      (amount) => {
        expect(check({ accepted: { amount } })).toBe('amount_mismatch');
      },
    );
  });

  describe('asks for our keys of `extra` back, unchanged', () => {
    it.each(Object.keys(ourExtra))('refuses another value of `%s`', (key) => {
      for (const value of ['', 'x', null, 7, {}, [ourExtra[key]]]) {
        const result = checkTerms(build({ accepted: { extra: { ...ourExtra, [key]: value } } }));
        expect(result).toMatchObject({
          kind: 'refused',
          reason: 'not_offered',
          expected: `extra.${key} ${ourExtra[key]}`,
        });
      }
    });

    it.each(Object.keys(ourExtra).filter((key) => key !== 'invoiceId'))('refuses a missing `%s`', (key) => {
      expect(check({ accepted: { extra: withoutKey(key) } })).toBe('not_offered');
    });

    it('ignores keys that are not ours', () => {
      const extra = { ...ourExtra, assetTransferMethod: 'eip3009', tag: { deep: [1] }, constructor: 'x' };
      expect(check({ accepted: { extra } })).toBe('ok');
    });

    it('asks nothing of a client that strips our invoice id: its amount has chosen the terms', () => {
      const stripped = { payment: { invoiceId: null }, input: { isResourceEqual: null } };
      expect(check({ ...stripped, accepted: { extra: {} } })).toBe('ok');
      expect(check({ ...stripped, accepted: { extra: withoutKey('invoiceId') } })).toBe('ok');
      expect(check({ ...stripped, accepted: { extra: {}, amount: '1' } })).toBe('amount_mismatch');
      expect(check({ ...stripped, accepted: { extra: {}, maxTimeoutSeconds: 1 } })).toBe('not_offered');
    });
  });
});
