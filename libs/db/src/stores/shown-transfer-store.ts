import type {
  Catalog,
  IntentKey,
  IntentTerms,
  SeenTransfer,
  ShownAttempt,
  ShownStanding,
  ShownTransferStore,
  ShownTransferTx,
  TransferRecord,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbHex } from '../mapping/column.mapping.js';
import { fromDbTransfer } from '../mapping/transfer.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { readStoredIntent } from '../queries/stored-intents.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';
import { selectFinalTime } from '../statements/block-headers.js';
import { selectCursor } from '../statements/cursors.js';
import { holdInvoice } from '../statements/reserved-amounts.js';
import {
  insertOfferedIntent,
  insertShownAttempt,
  type SeenTransferRow,
  selectAmountPromise,
  selectSeenPromisedTx,
  selectShownTransfers,
  selectTransfer,
  takeReplayKey,
} from '../statements/shown-transfers.js';
import { completeIntents } from './complete-intents.js';
import { PgPaymentTx } from './pg-payment-tx.js';

export type ShownTransferStoreDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** Transfers that buyers show. Throws `StoreUnavailable` when the database is away. */
export function createShownTransferStore({ pool, catalog }: ShownTransferStoreDeps): ShownTransferStore {
  const networks = new NetworkIds(catalog.networks);
  return {
    standing: (bookId, intentId, txHash) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        async (session) => {
          const row = await readStoredIntent(session, bookId, intentId);
          const [intent] = row === null ? [] : await completeIntents(session, networks, [row]);
          return { intent: intent ?? null, ...(await seenBy(session, networks, { bookId, intentId, txHash })) };
        },
      ),
    seenByAmount: async (bookId, intentId) => {
      const txHash = await inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        (session) => selectSeenPromisedTx(session, bookId, intentId),
      );
      return txHash && fromDbHex(txHash);
    },
    confirmedHeight: async (network) => {
      const cursor = await withSession(pool, (session) => selectCursor(session, networks.idOf(network)));
      return cursor?.confirmed_number ?? null;
    },
    finalTimeUnixSeconds: async (network) => {
      const time = await withSession(pool, (session) => selectFinalTime(session, networks.idOf(network)));
      return time && Math.floor(time.getTime() / 1000);
    },
    inBook: (bookId, work) =>
      inTransaction(
        pool,
        (session) => beginInBook(session, bookId),
        (session, nowMs) => work(new PgShownTransferTx(session, networks, nowMs, bookId)),
      ),
  };
}

class PgShownTransferTx extends PgPaymentTx implements ShownTransferTx {
  constructor(
    session: Session,
    networks: NetworkIds,
    nowMs: number,
    private readonly bookId: number,
  ) {
    super(session, networks, nowMs);
  }

  async holdInvoice(intentId: string): Promise<void> {
    await holdInvoice(this.session, this.bookId, intentId);
  }

  async standing(intentId: string, txHash: string | null): Promise<ShownStanding> {
    const { bookId } = this;
    const [intent] = await this.lockIntents([{ bookId, intentId }]);
    return { intent: intent ?? null, ...(await seenBy(this.session, this.networks, { bookId, intentId, txHash })) };
  }

  async transfer(transferId: string): Promise<TransferRecord | null> {
    const row = await selectTransfer(this.session, this.bookId, transferId);
    return row && fromDbTransfer(row, this.networks);
  }

  async insertOffered(intent: IntentKey & IntentTerms, payer: string): Promise<void> {
    await insertOfferedIntent(this.session, this.networks.idOf(intent.network), intent, payer);
  }

  takeKey(attempt: ShownAttempt): Promise<boolean> {
    return takeReplayKey(this.session, this.networks.idOf(attempt.network), attempt);
  }

  async insertShown(attempt: ShownAttempt): Promise<void> {
    await insertShownAttempt(this.session, this.networks.idOf(attempt.network), attempt);
  }
}

async function seenBy(
  session: Session,
  networks: NetworkIds,
  { bookId, intentId, txHash }: IntentKey & { readonly txHash: string | null },
): Promise<Omit<ShownStanding, 'intent'>> {
  const rows = txHash === null ? [] : await selectShownTransfers(session, bookId, txHash);
  const promise = await selectAmountPromise(session, bookId, intentId);
  return { transfers: rows.map((row) => fromDbSeen(row, networks)), promise };
}

function fromDbSeen(row: SeenTransferRow, networks: NetworkIds): SeenTransfer {
  return {
    ...fromDbTransfer(row, networks),
    holderIntentId: row.holder_intent_id,
    givenTo: row.is_given ? { intentId: row.given_intent_id } : null,
    isGivenUnproven: row.is_given_unproven,
  };
}
