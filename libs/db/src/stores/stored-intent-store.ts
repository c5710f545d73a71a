import { assert } from '@tollbook/domain';
import type {
  Catalog,
  EventDraft,
  PromisePlace,
  StoredIntentDraft,
  StoredIntentRecord,
  StoredIntentStore,
  StoredIntentTx,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbReceiver } from '../mapping/endpoint.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { readEndpoint } from '../queries/read-endpoints.js';
import { readReceivers } from '../queries/read-receivers.js';
import {
  insertStoredIntent,
  listStoredIntents,
  readStoredIntent,
  type StoredIntentRow,
} from '../queries/stored-intents.js';
import { inTransaction, type Session } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';
import { holdInvoice, holdReservedAmounts, reserveAmount } from '../statements/reserved-amounts.js';
import { completeIntents } from './complete-intents.js';
import { PgPaymentTx } from './pg-payment-tx.js';

export type StoredIntentDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** Intents of merchants. Throws `StoreUnavailable` when the database is away. */
export function createStoredIntentStore({ pool, catalog }: StoredIntentDeps): StoredIntentStore {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    inBook: (bookId, work) =>
      inTransaction(
        pool,
        (session) => beginInBook(session, bookId),
        (session, nowMs) => work(new PgStoredIntentTx(session, networks, nowMs, bookId)),
      ),
    intent: (bookId, intentId) => reading(bookId, (session) => oneIntent(session, networks, bookId, intentId)),
    list: (bookId, filter, limit) =>
      reading(bookId, async (session) =>
        complete(session, networks, await listStoredIntents(session, bookId, filter, limit)),
      ),
  };
}

class PgStoredIntentTx extends PgPaymentTx implements StoredIntentTx {
  constructor(
    session: Session,
    networks: NetworkIds,
    nowMs: number,
    private readonly bookId: number,
  ) {
    super(session, networks, nowMs);
  }

  async receivers() {
    return (await readReceivers(this.session, this.bookId)).map((row) => fromDbReceiver(row, this.networks));
  }

  async hasEndpoint(endpointId: string): Promise<boolean> {
    return (await readEndpoint(this.session, this.bookId, endpointId)) !== null;
  }

  intent(intentId: string): Promise<StoredIntentRecord | null> {
    return oneIntent(this.session, this.networks, this.bookId, intentId);
  }

  async holdInvoice(intentId: string): Promise<void> {
    await holdInvoice(this.session, this.bookId, intentId);
  }

  async unreservableAmounts(at: PromisePlace, range: { readonly mostAtomic: bigint; readonly leastAtomic: bigint }) {
    const found = await holdReservedAmounts(this.session, this.bookId, this.placeOf(at), range);
    return {
      promised: new Set(found.promised),
      onOffer: new Set(found.onOffer),
      afterBlock: found.headNumber,
    };
  }

  async promiseAmount(intentId: string, at: PromisePlace, amountAtomic: bigint, afterBlock: bigint): Promise<void> {
    const place = this.placeOf(at);
    const isReserved = await reserveAmount(this.session, this.bookId, intentId, place, amountAtomic, afterBlock);
    assert(isReserved, 'an amount that was free while it was held can be reserved');
  }

  private placeOf({ network, assetId, walletId }: PromisePlace) {
    return { networkId: this.networks.idOf(network), assetId, walletId };
  }

  async insertIntent(draft: StoredIntentDraft, event: EventDraft): Promise<void> {
    await insertStoredIntent(this.session, this.networks.idOf(draft.network), draft);
    await this.addEvents([event]);
  }
}

async function oneIntent(
  session: Session,
  networks: NetworkIds,
  bookId: number,
  intentId: string,
): Promise<StoredIntentRecord | null> {
  const row = await readStoredIntent(session, bookId, intentId);
  const [intent] = row === null ? [] : await complete(session, networks, [row]);
  return intent ?? null;
}

async function complete(
  session: Session,
  networks: NetworkIds,
  rows: readonly StoredIntentRow[],
): Promise<StoredIntentRecord[]> {
  const intents = await completeIntents(session, networks, rows);
  return intents.map((intent, at) => ({ ...intent, description: rows[at]?.description ?? null }));
}
