import { assert, encodeId } from '@tollbook/domain';
import type { WebhookRecoveryRecord, WebhookRecoveryStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbTime } from '../mapping/column.mapping.js';
import { beginReading } from '../queries/begin-reading.js';
import { readWebhookEndpoint } from '../queries/webhook-endpoints.js';
import {
  countRecoverable,
  insertWebhookRecovery,
  listWebhookRecoveries,
  readRunningRecovery,
  readWebhookRecovery,
  type WebhookRecoveryRow,
} from '../queries/webhook-recoveries.js';
import { inTransaction, type Session } from '../session.js';

type Started = Awaited<ReturnType<WebhookRecoveryStore['start']>>;

/** Recoveries of a book; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createWebhookRecoveryStore(pool: Pool): WebhookRecoveryStore {
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    count: (bookId, webhookEndpointId, sinceMs) =>
      reading(bookId, async (session) => {
        const refusal = await refusalOf(session, bookId, webhookEndpointId);
        if (refusal) return refusal;
        const found = await countRecoverable(session, bookId, webhookEndpointId, new Date(sinceMs));
        assert(found !== undefined, 'a count is one row');
        return { kind: 'counted', count: found.count, sinceMs: found.since.getTime() };
      }),
    start: (change, recovery) => start(pool, change, recovery),
    list: (bookId, webhookEndpointId, after, limit) =>
      reading(bookId, async (session) => {
        if ((await readWebhookEndpoint(session, bookId, webhookEndpointId)) === null) return null;
        const rows = await listWebhookRecoveries(session, bookId, webhookEndpointId, after, limit);
        return rows.map(fromDbRecovery);
      }),
    one: async (bookId, webhookEndpointId, id) => {
      const row = await reading(bookId, (session) => readWebhookRecovery(session, bookId, webhookEndpointId, id));
      return row === null ? null : fromDbRecovery(row);
    },
  };
}

function start(
  pool: Pool,
  { bookId, webhookEndpointId, reason, by }: Parameters<WebhookRecoveryStore['start']>[0],
  { webhookRecoveryId, sinceMs }: Parameters<WebhookRecoveryStore['start']>[1],
): Promise<Started> {
  return changeConfiguration<Started>(
    pool,
    bookId,
    async (session) => {
      const known = await readWebhookRecovery(session, bookId, webhookEndpointId, webhookRecoveryId);
      if (known) return { result: { kind: 'started', recovery: fromDbRecovery(known) }, isChanged: false };
      const refusal = await refusalOf(session, bookId, webhookEndpointId);
      if (refusal) return { result: refusal, isChanged: false };
      const found = await countRecoverable(session, bookId, webhookEndpointId, new Date(sinceMs));
      assert(found !== undefined, 'a count is one row');
      await insertWebhookRecovery(session, bookId, { webhookRecoveryId, webhookEndpointId, ...found });
      const row = await readWebhookRecovery(session, bookId, webhookEndpointId, webhookRecoveryId);
      assert(row !== null, 'a recovery that was ordered is there');
      const audit = {
        action: 'webhook_endpoint.recovery_started',
        targetKind: 'webhook_endpoint',
        targetId: encodeId('webhookEndpoint', webhookEndpointId),
        before: null,
        after: {
          recovery: encodeId('webhookRecovery', webhookRecoveryId),
          since: row.since.toISOString(),
          total: row.total,
        },
        reason,
      };
      return { result: { kind: 'started', recovery: fromDbRecovery(row) }, isChanged: false, audit: [audit] };
    },
    by,
  );
}

async function refusalOf(session: Session, bookId: number, webhookEndpointId: string) {
  const endpoint = await readWebhookEndpoint(session, bookId, webhookEndpointId);
  if (endpoint === null) return { kind: 'refused', reason: 'unknown' } as const;
  if (!endpoint.is_enabled) return { kind: 'refused', reason: 'disabled' } as const;
  const running = await readRunningRecovery(session, bookId, webhookEndpointId);
  return running === null ? null : ({ kind: 'refused', reason: 'running' } as const);
}

function fromDbRecovery(row: WebhookRecoveryRow): WebhookRecoveryRecord {
  return {
    webhookRecoveryId: row.webhook_recovery_id,
    webhookEndpointId: row.webhook_endpoint_id,
    sinceMs: row.since.getTime(),
    total: row.total,
    resent: row.resent,
    createdAtMs: row.created_at.getTime(),
    doneAtMs: fromDbTime(row.done_at),
  };
}
