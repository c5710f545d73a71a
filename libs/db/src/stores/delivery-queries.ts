import { encodeId } from '@tollbook/domain';
import type { AuditContext, DeliveryQueries, EventRecord, ResendResult } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbDelivery, fromDbDeliveryAttempt } from '../mapping/delivery.mapping.js';
import { beginReading } from '../queries/begin-reading.js';
import { listDeliveries, readDelivery, readDeliveryAttempts, resendDelivery } from '../queries/read-deliveries.js';
import { type FeedEventRow, readEvent, readFeed } from '../queries/read-events.js';
import { inTransaction, type Session } from '../session.js';

/** What a book's systems were told; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createDeliveryQueries(pool: Pool): DeliveryQueries {
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    deliveries: async (bookId, filter, after, limit) => {
      const rows = await reading(bookId, (session) => listDeliveries(session, bookId, filter, after, limit));
      return rows.map(fromDbDelivery);
    },
    delivery: (bookId, deliveryId) =>
      reading(bookId, async (session) => {
        const row = await readDelivery(session, bookId, deliveryId);
        if (row === null) return null;
        const attempts = await readDeliveryAttempts(session, bookId, deliveryId);
        const { url, is_enabled: isEndpointEnabled, body } = row;
        const delivery = fromDbDelivery(row);
        return { delivery, url, isEndpointEnabled, body, attempts: attempts.map(fromDbDeliveryAttempt) };
      }),
    resend: (bookId, deliveryId, by) => resend(pool, bookId, deliveryId, by),
    events: async (bookId, afterPosition, type, limit) => {
      const rows = await reading(bookId, (session) => readFeed(session, bookId, afterPosition, type, limit));
      return rows.map(fromDbEvent);
    },
    event: async (bookId, eventId) => {
      const row = await reading(bookId, (session) => readEvent(session, bookId, eventId));
      return row === null ? null : fromDbEvent(row);
    },
  };
}

async function resend(pool: Pool, bookId: number, deliveryId: string, by: AuditContext): Promise<ResendResult> {
  return changeConfiguration<ResendResult>(
    pool,
    bookId,
    async (session) => {
      const refused = (reason: 'unknown' | 'disabled' | 'not_kept') =>
        ({ result: { kind: 'refused', reason }, isChanged: false }) as const;
      const before = await readDelivery(session, bookId, deliveryId);
      if (before === null) return refused('unknown');
      if (!before.is_enabled) return refused('disabled');
      if (before.body === null) return refused('not_kept');
      await resendDelivery(session, bookId, deliveryId);
      const after = await readDelivery(session, bookId, deliveryId);
      const audit = {
        action: 'delivery.resent',
        targetKind: 'delivery',
        targetId: encodeId('delivery', deliveryId),
        before: { status: before.status },
        after: { status: 'pending' },
        reason: '',
      };
      return {
        result: { kind: 'resent', delivery: fromDbDelivery(after ?? before) },
        isChanged: false,
        audit: [audit],
      };
    },
    by,
  );
}

function fromDbEvent(row: FeedEventRow): EventRecord {
  return {
    eventId: row.event_id,
    position: row.position === null ? null : Number(row.position),
    type: row.type,
    sequence: row.sequence,
    body: row.body,
    createdAtMs: row.created_at.getTime(),
  };
}
