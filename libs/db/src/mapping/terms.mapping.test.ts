import { AssertionFailed, type TermsNetwork } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { fromDbTerms, type TermsRow, toDbTermsNetworks } from './terms.mapping.js';

const network: TermsNetwork = {
  network: 'eip155:84532',
  asset: {
    assetId: 1,
    network: 'eip155:84532',
    contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
    symbol: 'USDC',
    decimals: 6,
    eip712: { name: 'USDC', version: '2' },
  },
  walletId: '01890000-0000-7000-8000-000000000001',
  assetText: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  payToText: '0x1111111111111111111111111111111111111111',
  amountAtomic: 2n ** 256n - 1n,
};

function rowWith(networks: unknown): TermsRow {
  return {
    book_id: 3,
    mode: 'test',
    number: 12n,
    endpoint_id: 'e',
    price_version_id: 'p',
    settle_mode: 'after',
    offer_ttl_s: 300,
    max_timeout_s: 60,
    priced_query: ['city'],
    prices_body: true,
    networks,
    in_force_from: new Date(1_700_000_000_999),
    superseded_at: new Date(1_700_000_600_000),
    revoked_at: null,
  };
}

const json = (networks: readonly TermsNetwork[]) => JSON.parse(toDbTermsNetworks(networks));

describe('fromDbTerms', () => {
  it('reads what was written, in the order of the merchant and to the last unit', () => {
    const base = {
      ...network,
      network: 'eip155:8453',
      asset: { ...network.asset, assetId: 2, network: 'eip155:8453' },
    };
    for (const networks of [[network, base], [base, network], []]) {
      expect(fromDbTerms(rowWith(json(networks)))).toEqual({
        number: 12n,
        bookId: 3,
        mode: 'test',
        endpointId: 'e',
        priceVersionId: 'p',
        settleMode: 'after',
        offerTtlSeconds: 300,
        maxTimeoutSeconds: 60,
        pricedQuery: ['city'],
        pricesBody: true,
        networks,
        inForceFromUnixSeconds: 1_700_000_000,
        supersededAtUnixSeconds: 1_700_000_600,
        revokedAtUnixSeconds: null,
      });
    }
  });

  it.each([
    ['walletId', 7, /eip155:84532\.walletId is not text/],
    ['assetId', '1', /assetId is not an integer/],
    ['decimals', 6.5, /decimals is not an integer/],
    ['amountAtomic', 10_000, /amountAtomic is not text/],
    ['amountAtomic', '1e4', /amountAtomic is not a decimal number as text/],
    ['amountAtomic', '-1', /amountAtomic is not a decimal number as text/],
    ['amountAtomic', '01', /amountAtomic is not a decimal number as text/],
    ['amountAtomic', (2n ** 256n).toString(), /between 0 and 2\^256 - 1/],
    ['eip712', null, /eip712 is not an object/],
    ['eip712', { name: 'USDC' }, /eip712\.version is not text/],
    ['place', undefined, /place is not an integer/],
  ])('refuses %s %s', (field, value, message) => {
    const stored = json([network]);
    stored['eip155:84532'][field] = value;
    expect(() => fromDbTerms(rowWith(stored))).toThrow(AssertionFailed);
    expect(() => fromDbTerms(rowWith(stored))).toThrow(message);
  });

  it.each([[null], [[]], ['{}'], [{ 'eip155:84532': null }]])('refuses %j for networks', (networks) => {
    expect(() => fromDbTerms(rowWith(networks))).toThrow(/terms version 12.* is not an object/);
  });
});
