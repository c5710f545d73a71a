import type { WebhookEndpointChanges, WebhookSecretDraft } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type WebhookEndpointRow = {
  readonly webhook_endpoint_id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly is_enabled: boolean;
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly pending: number;
  readonly old_secret_until: Date | null;
  readonly created_at: Date;
};

const columns = `w.webhook_endpoint_id, w.url, w.events, w.is_enabled, w.disabled_reason, w.failing_since, w.created_at,
  (select count(*)::integer from (
    select from deliveries d
    where d.book_id = w.book_id and d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending'
    limit 1000
  ) waiting) as pending,
  (select max(s.expires_at) from webhook_secrets s
    where s.book_id = w.book_id and s.webhook_endpoint_id = w.webhook_endpoint_id and s.expires_at > now()
  ) as old_secret_until`;

const list = {
  name: 'list_webhook_endpoints',
  text: `select ${columns} from webhook_endpoints w
    where w.book_id = $1 and w.archived_at is null and ($2::uuid is null or w.webhook_endpoint_id < $2)
    order by w.webhook_endpoint_id desc limit $3`,
};

const one = {
  name: 'read_webhook_endpoint',
  text: `select ${columns} from webhook_endpoints w
    where w.book_id = $1 and w.webhook_endpoint_id = $2 and w.archived_at is null`,
};

const insert = {
  name: 'insert_webhook_endpoint',
  text: 'insert into webhook_endpoints (book_id, webhook_endpoint_id, url, events) values ($1, $2, $3, $4)',
};

const update = {
  name: 'update_webhook_endpoint',
  text: `update webhook_endpoints w
    set url = coalesce($3, w.url), events = coalesce($4, w.events), is_enabled = coalesce($5, w.is_enabled),
      disabled_reason = case when $5 then null else w.disabled_reason end,
      failing_since = case when $5 and not w.is_enabled or $3 <> w.url then null else w.failing_since end
    where w.book_id = $1 and w.webhook_endpoint_id = $2 and w.archived_at is null`,
};

const archive = {
  name: 'archive_webhook_endpoint',
  text: `with archived as (
      update webhook_endpoints w set archived_at = now(), is_enabled = false
      where w.book_id = $1 and w.webhook_endpoint_id = $2 and w.archived_at is null
      returning w.book_id, w.webhook_endpoint_id
    )
    update webhook_secrets s set expires_at = now()
    from archived a
    where s.book_id = a.book_id and s.webhook_endpoint_id = a.webhook_endpoint_id
      and (s.expires_at is null or s.expires_at > now())`,
};

const insertSecret = {
  name: 'insert_webhook_secret',
  text: `insert into webhook_secrets (book_id, webhook_secret_id, webhook_endpoint_id, secret_sealed)
    values ($1, $2, $3, $4)`,
};

/** A secret that was to end sooner still does. */
const expireSecrets = {
  name: 'expire_webhook_secrets',
  text: `update webhook_secrets s
    set expires_at = least(s.expires_at, now() + $3 * interval '1 second')
    where s.book_id = $1 and s.webhook_endpoint_id = $2 and (s.expires_at is null or s.expires_at > now())`,
};

const secretsOfUrls = {
  name: 'read_webhook_secrets_of_urls',
  text: `select s.webhook_secret_id, s.secret_sealed
    from webhook_endpoints w
    join webhook_secrets s on s.book_id = w.book_id and s.webhook_endpoint_id = w.webhook_endpoint_id
    where w.book_id = $1 and right(w.url, length($2)) = $2 and w.archived_at is null and (s.expires_at is null or s.expires_at > now())`,
};

/** A page of the book's endpoints, newest first. */
export async function listWebhookEndpoints(
  session: Session,
  bookId: number,
  after: string | null,
  limit: number,
): Promise<WebhookEndpointRow[]> {
  return (await session.run<WebhookEndpointRow>(list, [bookId, after, limit])).rows;
}

/** One endpoint of the book that was not removed, or null. */
export async function readWebhookEndpoint(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
): Promise<WebhookEndpointRow | null> {
  return (await session.run<WebhookEndpointRow>(one, [bookId, webhookEndpointId])).rows[0] ?? null;
}

/** Adds an endpoint without a secret. */
export async function insertWebhookEndpoint(
  session: Session,
  bookId: number,
  endpoint: { readonly webhookEndpointId: string; readonly url: string; readonly events: readonly string[] },
): Promise<void> {
  await session.run(insert, [bookId, endpoint.webhookEndpointId, endpoint.url, endpoint.events]);
}

/** Changes what is told and leaves the rest. */
export async function updateWebhookEndpoint(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  { url, events, isEnabled }: WebhookEndpointChanges,
): Promise<void> {
  await session.run(update, [bookId, webhookEndpointId, url ?? null, events ?? null, isEnabled ?? null]);
}

/** Removes an endpoint from sight, and ends its secrets. */
export async function archiveWebhookEndpoint(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
): Promise<void> {
  await session.run(archive, [bookId, webhookEndpointId]);
}

/** Adds a secret that signs from now on. */
export async function insertWebhookSecret(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  { webhookSecretId, secretSealed }: WebhookSecretDraft,
): Promise<void> {
  await session.run(insertSecret, [bookId, webhookSecretId, webhookEndpointId, secretSealed]);
}

/** Lets the endpoint's secrets sign for some seconds more, and then no longer. */
export async function expireWebhookSecrets(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  overlapSeconds: number,
): Promise<void> {
  await session.run(expireSecrets, [bookId, webhookEndpointId, overlapSeconds]);
}

/** Secrets that sign now what is sent to URLs with this ending. */
export async function readWebhookSecretsOfUrls(session: Session, bookId: number, urlEnding: string) {
  type Row = { readonly webhook_secret_id: string; readonly secret_sealed: Uint8Array };
  return (await session.run<Row>(secretsOfUrls, [bookId, urlEnding])).rows;
}
