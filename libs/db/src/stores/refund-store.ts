import type {
  AuditContext,
  AuditDraft,
  Catalog,
  IntentKey,
  RefundRecord,
  RefundStore,
  RefundTx,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { toDbHex } from '../mapping/column.mapping.js';
import { fromDbRefund } from '../mapping/refund.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { isOwnWallet, listRefunds, readHeadNumber, readRefund } from '../queries/read-refunds.js';
import { inTransaction, type Session } from '../session.js';
import { insertRefund, saveRefunds, selectRefundsOfIntents } from '../statements/refunds.js';
import { selectNow } from '../statements/select-now.js';
import { PgPaymentTx } from './pg-payment-tx.js';

export type RefundStoreDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** Refunds as merchants announce them, each change with its row in the audit log in the same commit. */
export function createRefundStore({ pool, catalog }: RefundStoreDeps): RefundStore {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    inBook: (bookId, by: AuditContext, work) =>
      changeConfiguration(
        pool,
        bookId,
        async (session) => {
          const tx = new PgRefundTx(session, networks, await selectNow(session), bookId);
          return { result: await work(tx), isChanged: false, audit: tx.audited };
        },
        by,
      ),
    refund: (bookId, refundId) =>
      reading(bookId, async (session) => {
        const row = await readRefund(session, bookId, refundId);
        return row ? fromDbRefund(row, networks) : null;
      }),
    list: (bookId, filter, after, limit) =>
      reading(bookId, async (session) => {
        const rows = await listRefunds(session, bookId, { ...filter, after }, limit);
        return rows.map((row) => fromDbRefund(row, networks));
      }),
  };
}

class PgRefundTx extends PgPaymentTx implements RefundTx {
  readonly audited: AuditDraft[] = [];

  constructor(
    session: Session,
    networks: NetworkIds,
    nowMs: number,
    private readonly bookId: number,
  ) {
    super(session, networks, nowMs);
  }

  async refund(refundId: string): Promise<RefundRecord | null> {
    const row = await readRefund(this.session, this.bookId, refundId);
    return row ? fromDbRefund(row, this.networks) : null;
  }

  async refundsOf(keys: readonly IntentKey[]): Promise<readonly RefundRecord[]> {
    return (await selectRefundsOfIntents(this.session, keys)).map((row) => fromDbRefund(row, this.networks));
  }

  headNumber(network: string): Promise<bigint | null> {
    return readHeadNumber(this.session, this.networks.idOf(network));
  }

  isOwnWallet(network: string, address: string): Promise<boolean> {
    return isOwnWallet(this.session, this.bookId, this.networks.idOf(network), toDbHex(address));
  }

  insertRefund(refund: RefundRecord): Promise<void> {
    return insertRefund(this.session, this.networks.idOf(refund.network), refund);
  }

  saveRefunds(refunds: readonly RefundRecord[]): Promise<void> {
    return saveRefunds(this.session, refunds);
  }

  audit(drafts: readonly AuditDraft[]): void {
    this.audited.push(...drafts);
  }
}
