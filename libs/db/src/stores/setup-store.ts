import { assert, localDay } from '@tollbook/domain';
import type { BookRecord, Catalog, SetupStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbBook } from '../mapping/book.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { insertEndpoint, selectEndpointByRoute, updateUpstream } from '../queries/save-endpoint.js';
import {
  insertBook,
  insertMerchant,
  selectBookByMerchant,
  selectBookBySlug,
  selectMerchantBySlug,
} from '../queries/save-tenants.js';
import { type Session, withSession } from '../session.js';
import { SetupRefused } from '../setup-refused.js';
import { setupKeys } from './setup-keys.js';
import { setupPrice } from './setup-price.js';
import { setupWallet } from './setup-wallet.js';

export type SetupDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Catalog;
};

/**
 * Writes configuration. Whatever the gate follows raises its book's configuration version and is told in the same
 * commit. Throws `SetupRefused` where a wish contradicts what is, and `StoreUnavailable` when the database is away.
 */
export function createSetupStore({ pool, catalog }: SetupDeps): SetupStore {
  const networks = new NetworkIds(catalog.networks);
  return {
    ...setupKeys(pool, networks),
    ensureMerchant: (merchant) => withSession(pool, (session) => ensureMerchant(session, merchant)),
    ensureBook: (book) => withSession(pool, (session) => ensureBook(session, book)),
    bookOf: async (slug, mode) => {
      const row = await withSession(pool, (session) => selectBookBySlug(session, slug, mode));
      return row === null ? null : fromDbBook(row);
    },
    ensureWallet: (wallet) =>
      changeConfiguration(pool, wallet.bookId, (session, book) =>
        setupWallet(session, { ...wallet, book, catalog, networks }),
      ),
    ensureEndpoint: (endpoint) =>
      changeConfiguration(pool, endpoint.bookId, async (session) => {
        const isChanged = await insertEndpoint(session, { ...endpoint, endpointId: newId() });
        const row = await selectEndpointByRoute(session, endpoint);
        assert(row !== null, 'an endpoint that was missing is there now');
        return { result: { endpointId: row.endpoint_id, hasPrice: row.has_price }, isChanged };
      }),
    setUpstream: (bookId, endpointId, upstreamUrl) =>
      changeConfiguration(pool, bookId, async (session) => {
        const { isKnown, isChanged } = await updateUpstream(session, bookId, endpointId, upstreamUrl);
        if (!isKnown) throw new SetupRefused(`book ${bookId} has no endpoint ${endpointId}`);
        return { result: undefined, isChanged };
      }),
    addPriceVersion: (price) =>
      changeConfiguration(pool, price.bookId, async (session, book) => {
        await setupPrice(session, { ...price, book, catalog, networks });
        return { result: undefined, isChanged: true };
      }),
  };
}

/** Looked up first, so that running a setup again writes nothing, and again where another process came first. */
async function ensureMerchant(
  session: Session,
  merchant: { readonly slug: string; readonly name: string },
): Promise<string> {
  const known = await selectMerchantBySlug(session, merchant.slug);
  if (known !== null) return known;
  await insertMerchant(session, { ...merchant, merchantId: newId() });
  const merchantId = await selectMerchantBySlug(session, merchant.slug);
  assert(merchantId !== null, 'a merchant that was missing is there now');
  return merchantId;
}

async function ensureBook(session: Session, book: Parameters<SetupStore['ensureBook']>[0]): Promise<BookRecord> {
  const read = () => selectBookByMerchant(session, book.merchantId, book.mode);
  const known = await read();
  if (known !== null) return fromDbBook(known);
  if (!isTimeZone(book.timeZone)) throw new SetupRefused(`${book.timeZone} is not a time zone`);
  await insertBook(session, book);
  const row = await read();
  if (row === null) throw new SetupRefused(`the gate slug ${book.gateSlug} belongs to another book`);
  return fromDbBook(row);
}

/** Whether accounting days can be told in it: a book with another zone could not be posted to. */
function isTimeZone(name: string): boolean {
  try {
    localDay(0, name);
    return true;
  } catch {
    return false;
  }
}
