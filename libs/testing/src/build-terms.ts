import type { Asset, TermsNetwork, TermsVersion } from '@tollbook/domain';

/** The dollar token that the catalogue has on Base Sepolia. */
export const testAsset: Asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};

/** Terms of 0.01 of the test token, in force for as long as anybody remembers, unless told otherwise. */
export function buildTerms(
  changes: Partial<TermsVersion> & { readonly entry?: Partial<TermsNetwork> } = {},
): TermsVersion {
  const { entry, ...terms } = changes;
  return {
    number: 1n,
    bookId: 1,
    mode: 'test',
    endpointId: '0190b5a0-0000-7000-8000-000000000002',
    priceVersionId: '0190b5a0-0000-7000-8000-000000000003',
    settleMode: 'after',
    offerTtlSeconds: 300,
    maxTimeoutSeconds: 300,
    pricedQuery: [],
    pricesBody: false,
    networks: [
      {
        network: testAsset.network,
        asset: testAsset,
        walletId: '0190b5a0-0000-7000-8000-000000000001',
        assetText: testAsset.contract,
        payToText: `0x${'aa'.repeat(20)}`,
        amountAtomic: 10_000n,
        ...entry,
      },
    ],
    inForceFromUnixSeconds: 0,
    supersededAtUnixSeconds: null,
    revokedAtUnixSeconds: null,
    ...terms,
  };
}
