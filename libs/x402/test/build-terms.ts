import type { Asset, TermsNetwork, TermsVersion } from '@tollbook/domain';

const usdc: Asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};

/** What is accepted on one network: 0.01 of a dollar token, unless told otherwise. */
export function buildTermsNetwork(network = 'eip155:84532', changes: Partial<TermsNetwork> = {}): TermsNetwork {
  return {
    network,
    asset: { ...usdc, network },
    walletId: '0190b5a0-0000-7000-8000-000000000001',
    assetText: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    payToText: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    amountAtomic: 10_000n,
    ...changes,
  };
}

/** Terms of an endpoint that takes Base Sepolia, unless told otherwise. */
export function buildTerms(changes: Partial<TermsVersion> = {}): TermsVersion {
  return {
    number: 7n,
    bookId: 1,
    mode: 'test',
    endpointId: '0190b5a0-0000-7000-8000-000000000002',
    priceVersionId: '0190b5a0-0000-7000-8000-000000000003',
    settleMode: 'after',
    offerTtlSeconds: 300,
    maxTimeoutSeconds: 300,
    pricedQuery: [],
    pricesBody: false,
    networks: [buildTermsNetwork()],
    inForceFromUnixSeconds: 1_795_000_000,
    supersededAtUnixSeconds: null,
    revokedAtUnixSeconds: null,
    ...changes,
  };
}
