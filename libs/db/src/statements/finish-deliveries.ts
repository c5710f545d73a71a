import { endpointFailingMsMax } from '@tollbook/domain';
import type { DeliveryResult } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type DisabledEndpointRow = {
  readonly book_id: number;
  readonly webhook_endpoint_id: string;
  readonly reason: string;
};

/**
 * What was taken over meanwhile, as `tries` tells, is changed by a success alone: that one is true whoever saw it. An
 * endpoint's row is written only where its health turns, and where we disable it: because it is gone, or because this
 * failure comes so long after the first one.
 */
const statement = {
  name: 'finish_deliveries',
  text: `with results as (
      select * from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::uuid[], $5::integer[], $6::text[], $7::bigint[],
          $8::boolean[], $9::smallint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
        as u (book_id, delivery_id, delivery_attempt_id, webhook_endpoint_id, tries, status, delay_ms, is_gone,
          http_status, error, timings, request_headers, response_headers, response_body)
    ), logged as (
      update delivery_attempts a
      set finished_at = now(), http_status = r.http_status, error = r.error, timings = r.timings::jsonb,
        request_headers = r.request_headers::jsonb, response_headers = r.response_headers::jsonb,
        response_body = r.response_body
      from results r
      where a.book_id = r.book_id and a.delivery_attempt_id = r.delivery_attempt_id
    ), moved as (
      update deliveries d
      set status = r.status, last_http_status = r.http_status,
        next_attempt_at = case when r.status = 'pending' then now() + r.delay_ms * interval '1 millisecond' end,
        done_at = case when r.status <> 'pending' then now() end
      from results r
      where d.book_id = r.book_id and d.delivery_id = r.delivery_id and d.status = 'pending'
        and (d.tries = r.tries or r.status = 'delivered')
    ), health as (
      select r.book_id, r.webhook_endpoint_id, bool_or(r.status = 'delivered') as is_well, bool_or(r.is_gone) as is_gone
      from results r
      group by r.book_id, r.webhook_endpoint_id
    ), turning as (
      select w.book_id, w.webhook_endpoint_id, h.is_well,
        case when not w.is_enabled then null when h.is_gone then 'gone' when v.is_given_up then 'failing' end as reason
      from health h
      join webhook_endpoints w on w.book_id = h.book_id and w.webhook_endpoint_id = h.webhook_endpoint_id
      cross join lateral (
        select not h.is_well and w.failing_since <= now() - $15 * interval '1 millisecond' as is_given_up
      ) v
      where h.is_well <> (w.failing_since is null) or (w.is_enabled and (h.is_gone or v.is_given_up))
      order by w.book_id, w.webhook_endpoint_id
      for no key update of w
    ), turned as (
      update webhook_endpoints w
      set failing_since = case when not t.is_well then coalesce(w.failing_since, now()) end,
        is_enabled = w.is_enabled and t.reason is null,
        disabled_reason = coalesce(t.reason, w.disabled_reason)
      from turning t
      where w.book_id = t.book_id and w.webhook_endpoint_id = t.webhook_endpoint_id
    )
    select t.book_id, t.webhook_endpoint_id, t.reason from turning t where t.reason is not null
    order by t.book_id, t.webhook_endpoint_id`,
};

/** Records how tries ended; resolves to the endpoints that it disabled. */
export async function finishDeliveries(
  session: Session,
  results: readonly DeliveryResult[],
): Promise<DisabledEndpointRow[]> {
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  const { rows } = await session.run<DisabledEndpointRow>(statement, [
    results.map((result) => result.bookId),
    results.map((result) => result.deliveryId),
    results.map((result) => result.deliveryAttemptId),
    results.map((result) => result.webhookEndpointId),
    results.map((result) => result.tries),
    results.map((result) => result.status),
    results.map((result) => result.delayMs),
    results.map((result) => result.isGone),
    results.map((result) => result.sent?.httpStatus ?? null),
    results.map((result) => result.sent?.error ?? result.unsentReason),
    results.map((result) => json(result.sent?.timings)),
    results.map((result) => json(result.sent?.requestHeaders)),
    results.map((result) => json(result.sent?.responseHeaders)),
    results.map((result) => result.sent?.responseBody ?? null),
    endpointFailingMsMax,
  ]);
  return rows;
}
