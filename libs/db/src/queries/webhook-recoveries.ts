import { eventKeptMs } from '@tollbook/domain';
import type { Session } from '../session.js';

export type WebhookRecoveryRow = {
  readonly webhook_recovery_id: string;
  readonly webhook_endpoint_id: string;
  readonly since: Date;
  readonly total: number;
  readonly resent: number;
  readonly created_at: Date;
  readonly done_at: Date | null;
};

export type RecoverableRow = { readonly since: Date; readonly count: number };

const columns = `r.webhook_recovery_id, r.webhook_endpoint_id, r.since, r.total, r.resent, r.created_at, r.done_at`;

/** Further nobody counts: the number is for a person who decides. */
const countMax = 100_000;

/** A delivery's id tells when it was made, with its event. */
const count = {
  name: 'count_recoverable_deliveries',
  text: `select s.since, (select count(*)::integer from (
      select from deliveries d
      where d.book_id = $1 and d.webhook_endpoint_id = $2 and d.status in ('exhausted', 'dropped')
        and d.delivery_id >= uuid_at(s.since)
      limit ${countMax}
    ) given_up) as count
    from (select greatest($3::timestamptz, now() - $4 * interval '1 millisecond') as since) s`,
};

const insert = {
  name: 'insert_webhook_recovery',
  text: `insert into webhook_recoveries (book_id, webhook_recovery_id, webhook_endpoint_id, since, total)
    values ($1, $2, $3, $4, $5)`,
};

const running = {
  name: 'read_running_webhook_recovery',
  text: `select ${columns} from webhook_recoveries r
    where r.book_id = $1 and r.webhook_endpoint_id = $2 and r.done_at is null`,
};

const one = {
  name: 'read_webhook_recovery',
  text: `select ${columns} from webhook_recoveries r
    where r.book_id = $1 and r.webhook_endpoint_id = $2 and r.webhook_recovery_id = $3`,
};

const list = {
  name: 'list_webhook_recoveries',
  text: `select ${columns} from webhook_recoveries r
    where r.book_id = $1 and r.webhook_endpoint_id = $2 and ($3::uuid is null or r.webhook_recovery_id < $3)
    order by r.webhook_recovery_id desc limit $4`,
};

/** How many deliveries of an endpoint were given up of those made since a time, or since what they say is kept. */
export async function countRecoverable(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  since: Date,
): Promise<RecoverableRow | undefined> {
  return (await session.run<RecoverableRow>(count, [bookId, webhookEndpointId, since, eventKeptMs])).rows[0];
}

/** Orders a recovery. */
export async function insertWebhookRecovery(
  session: Session,
  bookId: number,
  recovery: { readonly webhookRecoveryId: string; readonly webhookEndpointId: string } & RecoverableRow,
): Promise<void> {
  const { webhookRecoveryId, webhookEndpointId, since, count: total } = recovery;
  await session.run(insert, [bookId, webhookRecoveryId, webhookEndpointId, since, total]);
}

/** The recovery of an endpoint that is not done, or null. */
export async function readRunningRecovery(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
): Promise<WebhookRecoveryRow | null> {
  return (await session.run<WebhookRecoveryRow>(running, [bookId, webhookEndpointId])).rows[0] ?? null;
}

/** One recovery of an endpoint, or null. */
export async function readWebhookRecovery(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  webhookRecoveryId: string,
): Promise<WebhookRecoveryRow | null> {
  const values = [bookId, webhookEndpointId, webhookRecoveryId];
  return (await session.run<WebhookRecoveryRow>(one, values)).rows[0] ?? null;
}

/** A page of an endpoint's recoveries, newest first. */
export async function listWebhookRecoveries(
  session: Session,
  bookId: number,
  webhookEndpointId: string,
  after: string | null,
  limit: number,
): Promise<WebhookRecoveryRow[]> {
  return (await session.run<WebhookRecoveryRow>(list, [bookId, webhookEndpointId, after, limit])).rows;
}
