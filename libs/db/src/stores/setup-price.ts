import { assert, encodeId, type TermsNetwork } from '@tollbook/domain';
import {
  assetOf,
  type BookRecord,
  type Catalog,
  currentPrice,
  type EndpointRecord,
  networkOf,
  priceForAudit,
  type SetupStore,
  type TermsDraft,
} from '@tollbook/usecases';
import type { ConfigurationChange } from '../change-configuration.js';
import { fromDbHex } from '../mapping/column.mapping.js';
import { toDbTermsNetworks } from '../mapping/terms.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { offerTtlSecondsMax } from '../queries/read-seal-keys.js';
import { insertPriceVersion, insertTerms, readClock, supersedeTerms } from '../queries/save-price-version.js';
import { selectWalletAddress } from '../queries/save-wallet.js';
import type { Session } from '../session.js';
import { SetupRefused } from '../setup-refused.js';
import { oneEndpoint } from './read-endpoint-records.js';

type PriceSetup = Parameters<SetupStore['addPriceVersion']>[0] & {
  readonly book: BookRecord;
  readonly catalog: Catalog;
  readonly networks: NetworkIds;
};

/** Adds an endpoint's next price version and the terms made from it, in force from now on; ends the terms before. */
export async function setupPrice(session: Session, setup: PriceSetup): Promise<ConfigurationChange<undefined>> {
  const { bookId, endpointId, author, reason, terms } = setup;
  const networks: TermsNetwork[] = [];
  for (const draft of terms.networks) networks.push(await termsNetworkOf(session, setup, draft));
  assert(new Set(networks.map(({ network }) => network)).size === networks.length, 'a price has one amount a network');
  assert(networks.length > 0, 'a price is asked on some network');
  assert(terms.offerTtlSeconds <= offerTtlSecondsMax, 'an offer ends while its seal key is still read');

  const now = await readClock(session);
  assert(now !== undefined, 'the database tells the time');
  const before = await oneEndpoint(session, bookId, setup.networks, endpointId);
  const priceVersionId = newId();
  const amounts = networks.map(({ network, asset: { assetId }, amountAtomic }) => ({
    networkId: setup.networks.idOf(network),
    assetId,
    amountAtomic,
  }));
  await insertPriceVersion(session, {
    bookId,
    priceVersionId,
    endpointId,
    effectiveFrom: now,
    author,
    reason,
    amounts,
  });
  await supersedeTerms(session, bookId, endpointId, now);
  await insertTerms(session, {
    ...terms,
    bookId,
    endpointId,
    priceVersionId,
    networks: toDbTermsNetworks(networks),
    inForceFrom: now,
  });
  const after = await oneEndpoint(session, bookId, setup.networks, endpointId);
  const price = (endpoint: EndpointRecord | null) => {
    const current = endpoint === null ? undefined : currentPrice(endpoint, now.getTime());
    return current && { version: current.versionNo, price: priceForAudit(setup.catalog, current.amounts) };
  };
  const audit = {
    action: 'price.changed',
    targetKind: 'endpoint',
    targetId: encodeId('endpoint', endpointId),
    before: price(before) ?? null,
    after: { ...price(after), activeFrom: now.toISOString() },
    reason,
  };
  return { result: undefined, isChanged: true, audit: [audit] };
}

/** What buyers will sign is compared with what is watched: a wrong address here would send their money away. */
async function termsNetworkOf(
  session: Session,
  { bookId, book, catalog, networks }: PriceSetup,
  draft: TermsDraft['networks'][number],
): Promise<TermsNetwork> {
  const { network, walletId, assetText, payToText, amountAtomic } = draft;
  const asset = assetOf(catalog, draft.assetId);
  assert(asset.network === network, 'a price is asked in a token of its network');
  const address = await selectWalletAddress(session, { bookId, walletId, networkId: networks.idOf(network) });
  if (address === null) throw new SetupRefused(`book ${bookId} has no wallet ${walletId} on ${network}`);
  const { family, mode } = networkOf(catalog, network);
  assert(mode === book.mode, 'a wallet is bound to the mode of its book');
  if (family === 'evm') {
    assert(payToText.toLowerCase() === fromDbHex(address), 'the receiving address shown is that of the wallet');
    assert(assetText.toLowerCase() === asset.contract, 'the token shown is the one that is asked for');
  }
  return { network, asset, walletId, assetText, payToText, amountAtomic };
}
