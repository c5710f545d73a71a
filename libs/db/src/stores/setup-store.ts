import { assert, encodeId, type JsonValue, localDay } from '@tollbook/domain';
import {
  type AuditContext,
  type AuditDraft,
  type BookRecord,
  type Catalog,
  endpointForAudit,
  type SetupStore,
  systemContext,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { type ConfigurationChange, changeConfiguration } from '../change-configuration.js';
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
import { oneEndpoint } from './read-endpoint-records.js';
import { setupKeys } from './setup-keys.js';
import { setupPrice } from './setup-price.js';
import { setupWallet } from './setup-wallet.js';

export type SetupDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Catalog;
  /** In whose name the audit log tells of it; Tollbook itself unless told. */
  readonly by?: AuditContext;
};

/**
 * Writes configuration. Whatever the gate follows raises its book's configuration version and is told in the same
 * commit, which holds the row of the audit log too. Throws `SetupRefused` where a wish contradicts what is, and `StoreUnavailable` when the database is away.
 */
export function createSetupStore({ pool, catalog, by = systemContext }: SetupDeps): SetupStore {
  const networks = new NetworkIds(catalog.networks);
  const changing = <T>(
    bookId: number,
    change: (session: Session, book: BookRecord) => Promise<ConfigurationChange<T>>,
  ): Promise<T> => changeConfiguration(pool, bookId, change, by);
  return {
    ...setupKeys(pool, networks, by),
    ensureMerchant: (merchant) => withSession(pool, (session) => ensureMerchant(session, merchant)),
    ensureBook: (book) => withSession(pool, (session) => ensureBook(session, book)),
    bookOf: async (slug, mode) => {
      const row = await withSession(pool, (session) => selectBookBySlug(session, slug, mode));
      return row === null ? null : fromDbBook(row);
    },
    ensureWallet: (wallet) =>
      changing(wallet.bookId, (session, book) => setupWallet(session, { ...wallet, book, catalog, networks })),
    ensureEndpoint: (endpoint) =>
      changing(endpoint.bookId, async (session) => {
        const isChanged = await insertEndpoint(session, { ...endpoint, endpointId: newId() });
        const row = await selectEndpointByRoute(session, endpoint);
        assert(row !== null, 'an endpoint that was missing is there now');
        const { endpoint_id: endpointId, has_price: hasPrice } = row;
        const after = await told(session, endpoint.bookId, endpointId);
        const audit = isChanged ? [endpointAudit('endpoint.created', endpointId, null, after)] : [];
        return { result: { endpointId, hasPrice }, isChanged, audit };
      }),
    setUpstream: (bookId, endpointId, upstreamUrl) =>
      changing(bookId, async (session) => {
        const before = await told(session, bookId, endpointId);
        const { isKnown, isChanged } = await updateUpstream(session, bookId, endpointId, upstreamUrl);
        if (!isKnown) throw new SetupRefused(`book ${bookId} has no endpoint ${endpointId}`);
        const after = await told(session, bookId, endpointId);
        const audit = isChanged ? [endpointAudit('endpoint.changed', endpointId, before, after)] : [];
        return { result: undefined, isChanged, audit };
      }),
    addPriceVersion: (price) =>
      changing(price.bookId, (session, book) => setupPrice(session, { ...price, book, catalog, networks })),
  };

  async function told(session: Session, bookId: number, endpointId: string): Promise<JsonValue> {
    const endpoint = await oneEndpoint(session, bookId, networks, endpointId);
    return endpoint === null ? null : endpointForAudit(endpoint);
  }
}

function endpointAudit(action: string, endpointId: string, before: JsonValue, after: JsonValue): AuditDraft {
  return { action, targetKind: 'endpoint', targetId: encodeId('endpoint', endpointId), before, after, reason: '' };
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
