import type { DeliveryFilter } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type DeliveryRow = {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly intent_id: string | null;
  readonly webhook_endpoint_id: string;
  readonly status: string;
  readonly tries: number;
  readonly last_http_status: number | null;
  readonly next_attempt_at: Date | null;
  readonly done_at: Date | null;
  readonly created_at: Date;
};

export type DeliveryDetailRow = DeliveryRow & {
  readonly url: string;
  readonly is_enabled: boolean;
  readonly body: string | null;
};

export type DeliveryAttemptRow = {
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly http_status: number | null;
  readonly error: string | null;
  readonly timings: unknown;
  readonly request_headers: unknown;
  readonly response_headers: unknown;
  readonly response_body: string | null;
};

/** A resend begins a new round, whose tries decide when it is given up; who looks at it is told of those before, too. */
const allTries = `greatest(d.tries,
  (select count(*) from delivery_attempts a where a.book_id = d.book_id and a.delivery_id = d.delivery_id)
)::integer as tries`;

const columns = `d.delivery_id, d.event_id, e.type, e.intent_id, d.webhook_endpoint_id, d.status, ${allTries},
  d.last_http_status, d.next_attempt_at, d.done_at, d.created_at`;

const rows = `from deliveries d join events e on e.book_id = d.book_id and e.event_id = d.event_id`;

const ofIntent = {
  name: 'read_deliveries_of_intent',
  text: `select ${columns} ${rows} where e.book_id = $1 and e.intent_id = $2 order by e.sequence, d.delivery_id`,
};

const one = {
  name: 'read_delivery',
  text: `select ${columns}, w.url, w.is_enabled, b.body ${rows}
    join webhook_endpoints w on w.book_id = d.book_id and w.webhook_endpoint_id = d.webhook_endpoint_id
    left join event_bodies b on b.book_id = d.book_id and b.event_id = d.event_id
    where d.book_id = $1 and d.delivery_id = $2`,
};

/** A round of eleven tries, resent some times; more than anybody reads. */
const attemptsMax = 100;

const attempts = {
  name: 'read_delivery_attempts',
  text: `select * from (
      select a.delivery_attempt_id, a.started_at, a.finished_at, a.http_status, a.error, a.timings, a.request_headers,
        a.response_headers, a.response_body
      from delivery_attempts a
      where a.book_id = $1 and a.delivery_id = $2
      order by a.delivery_attempt_id desc
      limit ${attemptsMax}
    ) newest
    order by newest.delivery_attempt_id`,
};

/** Whatever came of the last round: tries begin anew, the id stays. */
const resend = {
  name: 'resend_delivery',
  text: `update deliveries d set status = 'pending', tries = 0, next_attempt_at = now(), done_at = null
    where d.book_id = $1 and d.delivery_id = $2`,
};

/** A page of the book's deliveries, newest first. */
export async function listDeliveries(
  session: Session,
  bookId: number,
  filter: DeliveryFilter,
  after: string | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const values: unknown[] = [bookId];
  const conditions = ['d.book_id = $1'];
  const add = (column: string, comparison: string, value: unknown) => {
    if (value === null) return;
    values.push(value);
    conditions.push(`${column} ${comparison} $${values.length}`);
  };
  add('d.delivery_id', '<', after);
  add('d.webhook_endpoint_id', '=', filter.webhookEndpointId);
  add('d.status', '=', filter.status);
  add('d.event_id', '=', filter.eventId);
  add('e.intent_id', '=', filter.intentId);
  values.push(limit);
  const text = `select ${columns} ${rows} where ${conditions.join(' and ')}
    order by d.delivery_id desc limit $${values.length}`;
  // Without a name it is planned with its values: the partial index of undelivered ones serves only those.
  return (await session.run<DeliveryRow>({ name: '', text }, values)).rows;
}

/** Deliveries of a payment's events, in the order of its events. */
export async function readDeliveriesOfIntent(
  session: Session,
  bookId: number,
  intentId: string,
): Promise<DeliveryRow[]> {
  return (await session.run<DeliveryRow>(ofIntent, [bookId, intentId])).rows;
}

/** One delivery with what it sends and where to, or null. */
export async function readDelivery(
  session: Session,
  bookId: number,
  deliveryId: string,
): Promise<DeliveryDetailRow | null> {
  return (await session.run<DeliveryDetailRow>(one, [bookId, deliveryId])).rows[0] ?? null;
}

/** The newest hundred tries of a delivery, oldest first. */
export async function readDeliveryAttempts(
  session: Session,
  bookId: number,
  deliveryId: string,
): Promise<DeliveryAttemptRow[]> {
  return (await session.run<DeliveryAttemptRow>(attempts, [bookId, deliveryId])).rows;
}

/** Makes a delivery due now, with all its tries before it. */
export async function resendDelivery(session: Session, bookId: number, deliveryId: string): Promise<void> {
  await session.run(resend, [bookId, deliveryId]);
}
