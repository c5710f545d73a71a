import { type Asset, assert, parseDecimal } from '@tollbook/domain';
import type { BookRecord } from './ports/records.js';
import type { SetupStore } from './ports/setup-store.js';

export const demoSlug = 'demo';

export type DemoInput = {
  readonly network: string;
  readonly asset: Asset;
  readonly assetText: string;
  /** As people see it: checksummed. */
  readonly walletAddress: string;
  readonly watchFromBlock: bigint;
  readonly upstreamUrl: string;
};

/**
 * The sandbox's demo merchant: a test book served at `demo`, one wallet, and `GET /weather` for 0.01 USDC. Running it
 * again changes nothing but the upstream's address, which may move between starts.
 */
export async function setUpDemo(setup: SetupStore, input: DemoInput): Promise<BookRecord> {
  const merchantId = await setup.ensureMerchant({ slug: demoSlug, name: 'Demo merchant' });
  const book = await setup.ensureBook({ merchantId, mode: 'test', gateSlug: demoSlug, timeZone: 'UTC' });
  const { bookId } = book;
  const { assetId } = input.asset;
  const walletId = await setup.ensureWallet({
    bookId,
    network: input.network,
    address: input.walletAddress.toLowerCase(),
    label: 'Sandbox wallet',
    assetId,
    watchFromBlock: input.watchFromBlock,
  });
  const endpoint = await setup.ensureEndpoint({
    bookId,
    method: 'GET',
    path: '/weather',
    upstreamUrl: input.upstreamUrl,
    timeoutMs: 30_000,
    settleMode: 'after',
  });
  await setup.setUpstream(bookId, endpoint.endpointId, input.upstreamUrl);
  if (endpoint.hasPrice) return book;
  const price = parseDecimal('0.01', input.asset.decimals);
  assert(price.kind === 'ok', 'the demo price fits the asset');
  await setup.addPriceVersion({
    bookId,
    endpointId: endpoint.endpointId,
    author: 'tollbook',
    reason: 'The demo endpoint of the sandbox',
    terms: {
      settleMode: 'after',
      offerTtlSeconds: 300,
      maxTimeoutSeconds: 300,
      pricedQuery: [],
      pricesBody: false,
      networks: [
        {
          network: input.network,
          assetId,
          walletId,
          assetText: input.assetText,
          payToText: input.walletAddress,
          amountAtomic: price.atomic,
        },
      ],
    },
  });
  return book;
}
