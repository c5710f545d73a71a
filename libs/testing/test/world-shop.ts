import type { SettleMode } from '@tollbook/domain';
import { scriptedSigner, testAsset, testCrypto } from '@tollbook/testing';
import type { SetupStore } from '@tollbook/usecases';

export const tillAddress = `0x${'71'.repeat(20)}`;
export const priceAtomic = 10_000n;
/** Blocks from here on are watched. */
export const watchFromBlock = 1n;

/** A merchant's test book: one till on the test network, one priced endpoint, one gas signer. */
export async function setUpShop(setup: SetupStore, settleMode: SettleMode): Promise<void> {
  const merchantId = await setup.ensureMerchant({ slug: 'shop', name: 'Shop' });
  const { bookId } = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: 'shop', timeZone: 'UTC' });
  const walletId = await addWallet(setup, bookId, tillAddress);
  const { endpointId } = await setup.ensureEndpoint({
    bookId,
    method: 'GET',
    path: '/weather',
    upstreamUrl: 'http://127.0.0.1:9/weather',
    timeoutMs: 30_000,
    settleMode,
  });
  await setPrice(setup, { bookId, endpointId, walletId, amountAtomic: priceAtomic, settleMode });
  await setup.ensureGasSigner({
    network: testAsset.network,
    address: scriptedSigner,
    keySealed: testCrypto('gas').randomBytes(32),
    nextNonce: 0n,
  });
}

/** Watches another wallet of a book on the test network. */
export function addWallet(setup: SetupStore, bookId: number, address: string): Promise<string> {
  const { network, assetId } = testAsset;
  return setup.ensureWallet({ bookId, network, address, label: 'Till', assetId, watchFromBlock });
}

/** Puts a price on an endpoint, from now on. */
export function setPrice(
  setup: SetupStore,
  price: {
    readonly bookId: number;
    readonly endpointId: string;
    readonly walletId: string;
    readonly amountAtomic: bigint;
    readonly settleMode?: SettleMode;
  },
): Promise<void> {
  const { bookId, endpointId, walletId, amountAtomic } = price;
  const { network, assetId, contract: assetText } = testAsset;
  return setup.addPriceVersion({
    bookId,
    endpointId,
    author: 'owner',
    reason: 'test',
    terms: {
      settleMode: price.settleMode ?? 'after',
      offerTtlSeconds: 300,
      maxTimeoutSeconds: 300,
      pricedQuery: [],
      pricesBody: false,
      networks: [{ network, assetId, walletId, assetText, payToText: tillAddress, amountAtomic }],
    },
  });
}
