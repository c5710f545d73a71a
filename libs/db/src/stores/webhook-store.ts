import { assert, encodeId, type JsonValue } from '@tollbook/domain';
import type {
  AuditDraft,
  WebhookChange,
  WebhookEndpointRecord,
  WebhookSecretDraft,
  WebhookStore,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbBytes } from '../mapping/column.mapping.js';
import { fromDbWebhookEndpoint } from '../mapping/webhook-endpoint.mapping.js';
import { beginReading } from '../queries/begin-reading.js';
import {
  archiveWebhookEndpoint,
  expireWebhookSecrets,
  insertWebhookEndpoint,
  insertWebhookSecret,
  listWebhookEndpoints,
  readWebhookEndpoint,
  readWebhookSecretsOfUrls,
  updateWebhookEndpoint,
} from '../queries/webhook-endpoints.js';
import { inTransaction, type Session } from '../session.js';
import { sha256 } from '../sha256.js';
import { beginInBook } from '../statements/begin-transaction.js';
import { insertTestEvent } from '../statements/insert-test-event.js';

/** Webhook endpoints; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createWebhookStore(pool: Pool): WebhookStore {
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    endpoints: async (bookId, after, limit) => {
      const rows = await reading(bookId, (session) => listWebhookEndpoints(session, bookId, after, limit));
      return rows.map(fromDbWebhookEndpoint);
    },
    endpoint: (bookId, id) => reading(bookId, (session) => read(session, bookId, id)),
    add: async (change, { url, events, secret }) => {
      const { bookId, webhookEndpointId } = change;
      const added = await changing(pool, change, 'added', async (session, before) => {
        // A run that died after its commit never showed the secret: the one made now takes its place.
        if (before) await expireWebhookSecrets(session, bookId, webhookEndpointId, 0);
        else await insertWebhookEndpoint(session, bookId, { webhookEndpointId, url, events });
        await insertWebhookSecret(session, bookId, webhookEndpointId, secret);
      });
      assert(added !== null, 'an endpoint that was added is there');
      return added;
    },
    change: (change, changes) =>
      changing(pool, change, 'changed', (session) =>
        updateWebhookEndpoint(session, change.bookId, change.webhookEndpointId, changes),
      ),
    remove: (change) => remove(pool, change),
    rotate: (change, secret, overlapSeconds) => rotate(pool, change, secret, overlapSeconds),
    addTest: (webhookEndpointId, event) =>
      inTransaction(
        pool,
        (session) => beginInBook(session, event.bookId),
        async (session) => {
          const endpoint = await readWebhookEndpoint(session, event.bookId, webhookEndpointId);
          if (endpoint === null) return { kind: 'refused', reason: 'unknown' };
          if (!endpoint.is_enabled) return { kind: 'refused', reason: 'disabled' };
          const bodyHash = sha256(Buffer.from(event.body, 'utf8'));
          const deliveryId = await insertTestEvent(session, webhookEndpointId, { ...event, bodyHash });
          assert(deliveryId !== undefined, 'a test event has a delivery');
          return { kind: 'added', deliveryId };
        },
      ),
    secretsOf: async (bookId, urlEnding) => {
      const rows = await reading(bookId, (session) => readWebhookSecretsOfUrls(session, bookId, urlEnding));
      return rows.map((row) => ({
        webhookSecretId: row.webhook_secret_id,
        secretSealed: fromDbBytes(row.secret_sealed),
      }));
    },
  };
}

/**
 * A change and its row in the audit log, which holds the endpoint before and after. Where it must be known and is not,
 * nothing is done and null comes back.
 */
async function changing(
  pool: Pool,
  change: WebhookChange,
  verb: 'added' | 'changed' | 'removed' | 'secret_rotated',
  work: (session: Session, before: WebhookEndpointRecord | null) => Promise<void>,
): Promise<WebhookEndpointRecord | null> {
  const { bookId, webhookEndpointId, by } = change;
  return changeConfiguration(
    pool,
    bookId,
    async (session) => {
      const before = await read(session, bookId, webhookEndpointId);
      if (before === null && verb !== 'added') return { result: null, isChanged: false };
      await work(session, before);
      const after = await read(session, bookId, webhookEndpointId);
      // The gate sells the same: its snapshot of the book stays.
      const done = verb === 'added' && before ? 'secret_rotated' : verb;
      const told = auditOf(change, done, before, after);
      const isSame = done === 'changed' && JSON.stringify(told.before) === JSON.stringify(told.after);
      return { result: after ?? before, isChanged: false, audit: isSame ? [] : [told] };
    },
    by,
  );
}

function remove(pool: Pool, change: WebhookChange): Promise<WebhookEndpointRecord | null> {
  const { bookId, webhookEndpointId } = change;
  return changing(pool, change, 'removed', (session) => archiveWebhookEndpoint(session, bookId, webhookEndpointId));
}

function rotate(
  pool: Pool,
  change: WebhookChange,
  secret: WebhookSecretDraft,
  overlapSeconds: number,
): Promise<WebhookEndpointRecord | null> {
  const { bookId, webhookEndpointId } = change;
  return changing(pool, change, 'secret_rotated', async (session) => {
    await expireWebhookSecrets(session, bookId, webhookEndpointId, overlapSeconds);
    await insertWebhookSecret(session, bookId, webhookEndpointId, secret);
  });
}

async function read(session: Session, bookId: number, id: string): Promise<WebhookEndpointRecord | null> {
  const row = await readWebhookEndpoint(session, bookId, id);
  return row === null ? null : fromDbWebhookEndpoint(row);
}

function auditOf(
  { webhookEndpointId, reason }: WebhookChange,
  verb: string,
  before: WebhookEndpointRecord | null,
  after: WebhookEndpointRecord | null,
): AuditDraft {
  return {
    action: `webhook_endpoint.${verb}`,
    targetKind: 'webhook_endpoint',
    targetId: encodeId('webhookEndpoint', webhookEndpointId),
    before: toAudit(before),
    after: toAudit(after),
    reason,
  };
}

/** What a person changed; what merely happened to the endpoint meanwhile is no part of it. */
function toAudit(endpoint: WebhookEndpointRecord | null): JsonValue {
  if (endpoint === null) return null;
  const { url, events, isEnabled, oldSecretUntilMs } = endpoint;
  const oldSecretUntil = oldSecretUntilMs === null ? null : new Date(oldSecretUntilMs).toISOString();
  return { url, events, isEnabled, oldSecretUntil };
}
