import { createGateConfigStore, createRateLimitStore, createSetupStore } from '@tollbook/db';
import { assert, parseDecimal } from '@tollbook/domain';
import { checksumAddress } from '@tollbook/evm';
import type { SandboxState } from '@tollbook/sandbox';
import { commandContext, demoSlug } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';
import type { OpenDatabase } from '../open-database.js';

/** What the seed buys: the demo's own endpoint first, then some that it adds, the last of which always fails. */
const goods = [
  { path: '/weather', price: null, upstreamPath: '/weather' },
  { path: '/forecast', price: '0.002', upstreamPath: '/weather' },
  { path: '/climate/history', price: '0.05', upstreamPath: '/weather' },
  { path: '/storm-alerts', price: '0.25', upstreamPath: '/weather' },
  { path: '/radar', price: '0.01', upstreamPath: '/radar-is-down' },
] as const;

/** Offers of it are limited to so many a minute of an address, so that a crawler is held back. Nobody buys it. */
const limited = { path: '/tiles', price: '0.001', upstreamPath: '/weather' } as const;
const offersPerMinute = 10;

export type SeedShop = {
  readonly bookId: number;
  /** Paths that answer, the most bought first. */
  readonly paths: readonly string[];
  /** A path whose upstream fails. */
  readonly brokenPath: string;
  /** A path with a limit, and how many offers of it one address gets a minute. */
  readonly limitedPath: string;
  readonly offersPerMinute: number;
};

/** Adds the endpoints to the demo book, unless they are there. Their upstream is that of the demo's own endpoint. */
export async function seedShop(database: OpenDatabase, state: SandboxState): Promise<SeedShop> {
  const { pool, catalog } = database;
  const setup = createSetupStore({ pool, catalog, by: commandContext });
  const book = await setup.bookOf(demoSlug, 'test');
  if (book === null) throw new CliError('The demo merchant has no test book here: start Tollbook with the sandbox on.');
  const { endpoints } = await createGateConfigStore({ pool, catalog }).loadBook(book);
  const upstreamUrl = endpoints.find(({ path }) => path === goods[0].path)?.upstreamUrl;
  if (upstreamUrl === undefined) throw new CliError('The demo merchant no longer sells /weather.');
  const network = `eip155:${state.evm.chainId}`;
  const contract = state.evm.usdc.toLowerCase();
  const asset = catalog.assets.find((each) => each.network === network && each.contract === contract);
  assert(asset !== undefined, 'the catalogue has the token of the sandbox');
  const { bookId } = book;
  const payToText = checksumAddress(state.merchant.evmAddress);
  const walletId = await setup.ensureWallet({
    bookId,
    network,
    address: payToText.toLowerCase(),
    label: 'Sandbox wallet',
    assetId: asset.assetId,
    watchFromBlock: 1n,
  });
  for (const { path, price, upstreamPath } of [...goods, limited]) {
    if (price === null) continue;
    const upstream = new URL(upstreamPath, upstreamUrl).href;
    const settleMode = 'after';
    const terms = { bookId, method: 'GET', path, upstreamUrl: upstream, timeoutMs: 30_000, settleMode } as const;
    const { endpointId, hasPrice } = await setup.ensureEndpoint(terms);
    if (hasPrice) continue;
    if (path === limited.path) await limitOffers(database, { bookId, endpointId });
    const amount = parseDecimal(price, asset.decimals);
    assert(amount.kind === 'ok', 'the prices of the seed fit the asset');
    await setup.addPriceVersion({
      bookId,
      endpointId,
      author: 'tollbook',
      reason: 'Sample data',
      terms: {
        settleMode,
        offerTtlSeconds: 300,
        maxTimeoutSeconds: 300,
        pricedQuery: [],
        pricesBody: false,
        networks: [
          {
            network,
            assetId: asset.assetId,
            walletId,
            assetText: checksumAddress(state.evm.usdc),
            payToText,
            amountAtomic: amount.atomic,
          },
        ],
      },
    });
  }
  const paths: readonly string[] = goods.map(({ path }) => path);
  const brokenPath = paths[paths.length - 1] ?? '';
  return { bookId, paths: paths.slice(0, -1), brokenPath, limitedPath: limited.path, offersPerMinute };
}

async function limitOffers({ pool }: OpenDatabase, endpoint: { readonly bookId: number; readonly endpointId: string }) {
  const unpaid = { points: offersPerMinute, windowSeconds: 60, burst: 0 };
  const store = createRateLimitStore({ pool, softPool: pool });
  await store.changeLimits(endpoint, (limits) => ({ ...limits, unpaid }), 'Sample data', commandContext);
}
