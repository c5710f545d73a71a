import { assert, type DisabledReason, disabledReasons, encodeId } from '@tollbook/domain';
import { type DeliveryStore, type LeasedDelivery, systemContext, type TellDisabled } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from '../mapping/book.mapping.js';
import { fromDbBytes, fromDbWord } from '../mapping/column.mapping.js';
import { fromDbWebhookEndpoint } from '../mapping/webhook-endpoint.mapping.js';
import { readWebhookEndpoint } from '../queries/webhook-endpoints.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { sha256 } from '../sha256.js';
import { beginInAllBooks } from '../statements/begin-transaction.js';
import { dropRemovedDeliveries } from '../statements/drop-removed-deliveries.js';
import { type DisabledEndpointRow, finishDeliveries } from '../statements/finish-deliveries.js';
import { insertEvents } from '../statements/insert-events.js';
import { type LeasedDeliveryRow, leaseDeliveries } from '../statements/lease-deliveries.js';
import { recoverDeliveries } from '../statements/recover-deliveries.js';
import { selectBooks } from '../statements/select-books.js';
import { appendAudit } from './append-audit.js';

/**
 * Deliveries that are due; `pool` acts as tollbook_worker, and `tellDisabled` makes the event of an endpoint that is
 * disabled. Throws `StoreUnavailable` when the database is away.
 */
export function createDeliveryStore(pool: Pool, tellDisabled: TellDisabled): DeliveryStore {
  return {
    lease: async (options) => {
      const rows = await withSession(pool, (session) => leaseDeliveries(session, options));
      return rows.map(fromDbLeasedDelivery);
    },
    finish: async (results) => {
      if (results.length === 0) return;
      await inTransaction(pool, beginInAllBooks, async (session) => {
        for (const row of await finishDeliveries(session, results)) await recordDisabled(session, row, tellDisabled);
      });
    },
    recover: (limit) => withSession(pool, (session) => recoverDeliveries(session, limit)),
    dropRemoved: (limit) => withSession(pool, (session) => dropRemovedDeliveries(session, limit)),
  };
}

/** An endpoint that we disable is a change of configuration, ours; its merchant is told where anybody still listens. */
async function recordDisabled(session: Session, row: DisabledEndpointRow, tell: TellDisabled): Promise<void> {
  const [bookRow] = await selectBooks(session, [row.book_id]);
  const endpoint = await readWebhookEndpoint(session, row.book_id, row.webhook_endpoint_id);
  assert(bookRow !== undefined && endpoint !== null, 'an endpoint that is told is there, and in a book');
  const book = fromDbBook(bookRow);
  const reason = fromDbWord(disabledReasons, row.reason);
  await appendAudit(session, book, systemContext, [
    {
      action: 'webhook_endpoint.disabled',
      targetKind: 'webhook_endpoint',
      targetId: encodeId('webhookEndpoint', row.webhook_endpoint_id),
      before: { isEnabled: true },
      after: { isEnabled: false, disabledReason: reason },
      reason: whyDisabled[reason],
    },
  ]);
  const event = tell(book, fromDbWebhookEndpoint(endpoint));
  await insertEvents(session, [{ ...event, bodyHash: sha256(Buffer.from(event.body, 'utf8')) }]);
}

const whyDisabled: Readonly<Record<DisabledReason, string>> = {
  gone: 'The endpoint answered 410: it is gone.',
  failing: 'The endpoint took nothing for five days.',
};

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
