import type { LeaseOptions } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type LeasedDeliveryRow = {
  readonly book_id: number;
  readonly delivery_id: string;
  readonly delivery_attempt_id: string;
  readonly webhook_endpoint_id: string;
  readonly event_id: string;
  readonly tries: number;
  readonly url: string;
  readonly body: string | null;
  readonly secret_ids: readonly string[] | null;
  readonly secrets: readonly Uint8Array[] | null;
};

/**
 * Endpoint by endpoint, so that a long queue of one hides nothing of the others: each gives as many as it may have in
 * flight. The row of the try is written here, because a process that dies while it sends leaves nothing else behind.
 * Rows are found again by their place, which their locks keep: by key, a small table would be read whole each time.
 */
const statement = {
  name: 'lease_deliveries',
  text: `with picked as (
      select due.place
      from webhook_endpoints w
      left join unnest($2::integer[], $3::uuid[], $4::integer[]) busy (book_id, webhook_endpoint_id, in_flight)
        on busy.book_id = w.book_id and busy.webhook_endpoint_id = w.webhook_endpoint_id
      cross join lateral (
        select d.ctid as place, d.next_attempt_at
        from deliveries d
        where d.book_id = w.book_id and d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending'
          and d.next_attempt_at <= now()
        order by d.next_attempt_at
        limit greatest(0, case when w.failing_since is null then $5::integer else $6::integer end - coalesce(busy.in_flight, 0))
        for update skip locked
      ) due
      where w.is_enabled
      order by due.next_attempt_at
      limit $1
    ), leased as (
      update deliveries d
      set tries = d.tries + 1, next_attempt_at = now() + $7 * interval '1 millisecond'
      from picked p
      where d.ctid = p.place
      returning d.book_id, d.delivery_id, d.webhook_endpoint_id, d.event_id, d.tries
    ), started as (
      insert into delivery_attempts (book_id, delivery_attempt_id, delivery_id, started_at)
      select l.book_id, new_uuid_v7(), l.delivery_id, now() from leased l
      returning delivery_id, delivery_attempt_id
    )
    select l.book_id, l.delivery_id, s.delivery_attempt_id, l.webhook_endpoint_id, l.event_id, l.tries, w.url, b.body,
      k.secret_ids, k.secrets
    from leased l
    join started s on s.delivery_id = l.delivery_id
    join webhook_endpoints w on w.book_id = l.book_id and w.webhook_endpoint_id = l.webhook_endpoint_id
    left join event_bodies b on b.book_id = l.book_id and b.event_id = l.event_id
    left join lateral (
      select array_agg(k.webhook_secret_id::text order by k.expires_at desc nulls first, k.webhook_secret_id) as secret_ids,
        array_agg(k.secret_sealed order by k.expires_at desc nulls first, k.webhook_secret_id) as secrets
      from webhook_secrets k
      where k.book_id = l.book_id and k.webhook_endpoint_id = l.webhook_endpoint_id
        and (k.expires_at is null or k.expires_at > now())
    ) k on true`,
};

/** Takes due deliveries and writes the row of each try. */
export async function leaseDeliveries(session: Session, options: LeaseOptions): Promise<LeasedDeliveryRow[]> {
  const { limit, busy, perEndpointMax, perFailingEndpointMax, leaseMs } = options;
  const { rows } = await session.run<LeasedDeliveryRow>(statement, [
    limit,
    busy.map((endpoint) => endpoint.bookId),
    busy.map((endpoint) => endpoint.webhookEndpointId),
    busy.map((endpoint) => endpoint.inFlight),
    perEndpointMax,
    perFailingEndpointMax,
    leaseMs,
  ]);
  return rows;
}
