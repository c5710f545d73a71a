import { assert, encodeId } from '@tollbook/domain';
import { type DeliveryStore, type LeasedDelivery, systemContext } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from '../mapping/book.mapping.js';
import { fromDbBytes } from '../mapping/column.mapping.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { beginInAllBooks } from '../statements/begin-transaction.js';
import { dropRemovedDeliveries } from '../statements/drop-removed-deliveries.js';
import { type DisabledEndpointRow, finishDeliveries } from '../statements/finish-deliveries.js';
import { type LeasedDeliveryRow, leaseDeliveries } from '../statements/lease-deliveries.js';
import { selectBooks } from '../statements/select-books.js';
import { appendAudit } from './append-audit.js';

/** Deliveries that are due; `pool` acts as tollbook_worker. Throws `StoreUnavailable` when the database is away. */
export function createDeliveryStore(pool: Pool): DeliveryStore {
  return {
    lease: async (options) => {
      const rows = await withSession(pool, (session) => leaseDeliveries(session, options));
      return rows.map(fromDbLeasedDelivery);
    },
    finish: async (results) => {
      if (results.length === 0) return;
      await inTransaction(pool, beginInAllBooks, async (session) => {
        for (const endpoint of await finishDeliveries(session, results)) await auditGone(session, endpoint);
      });
    },
    dropRemoved: (limit) => withSession(pool, (session) => dropRemovedDeliveries(session, limit)),
  };
}

/** An endpoint that we disable is a change of configuration, ours. */
async function auditGone(session: Session, endpoint: DisabledEndpointRow): Promise<void> {
  const [book] = await selectBooks(session, [endpoint.book_id]);
  assert(book !== undefined, 'an endpoint belongs to a book');
  await appendAudit(session, fromDbBook(book), systemContext, [
    {
      action: 'webhook_endpoint.disabled',
      targetKind: 'webhook_endpoint',
      targetId: encodeId('webhookEndpoint', endpoint.webhook_endpoint_id),
      before: { isEnabled: true },
      after: { isEnabled: false, disabledReason: 'gone' },
      reason: 'The endpoint answered 410: it is gone.',
    },
  ]);
}

function fromDbLeasedDelivery(row: LeasedDeliveryRow): LeasedDelivery {
  const secrets = row.secrets ?? [];
  return {
    bookId: row.book_id,
    deliveryId: row.delivery_id,
    deliveryAttemptId: row.delivery_attempt_id,
    webhookEndpointId: row.webhook_endpoint_id,
    eventId: row.event_id,
    tries: row.tries,
    url: row.url,
    body: row.body,
    secrets: (row.secret_ids ?? []).flatMap((webhookSecretId, at) => {
      const sealed = secrets[at];
      return sealed ? [{ webhookSecretId, secretSealed: fromDbBytes(sealed) }] : [];
    }),
  };
}
