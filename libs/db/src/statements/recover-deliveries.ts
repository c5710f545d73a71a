import type { Session } from '../session.js';

/**
 * One batch of the oldest running recovery. What was given up after it was ordered is not its own, so each delivery is
 * made due once by it, whenever a process dies between two batches.
 */
const statement = {
  name: 'recover_deliveries',
  text: `with job as (
      select r.book_id, r.webhook_recovery_id, r.webhook_endpoint_id, r.since, r.created_at
      from webhook_recoveries r
      where r.done_at is null
      order by r.created_at
      limit 1
      for update skip locked
    ), batch as (
      select j.book_id, given_up.delivery_id
      from job j
      cross join lateral (
        select d.delivery_id
        from deliveries d
        where d.book_id = j.book_id and d.webhook_endpoint_id = j.webhook_endpoint_id
          and d.status in ('exhausted', 'dropped') and d.done_at <= j.created_at and d.delivery_id >= uuid_at(j.since)
        order by d.delivery_id
        limit $1
        for update
      ) given_up
    ), resent as (
      update deliveries d
      set status = 'pending', tries = 0, next_attempt_at = now(), done_at = null
      from batch b
      where d.book_id = b.book_id and d.delivery_id = b.delivery_id
      returning d.delivery_id
    ), counted as (
      select count(*)::integer as count from resent
    )
    update webhook_recoveries r
    set resent = r.resent + c.count, done_at = case when c.count < $1 then now() end
    from job j, counted c
    where r.book_id = j.book_id and r.webhook_recovery_id = j.webhook_recovery_id
    returning c.count`,
};

/** Makes up to `limit` deliveries of one running recovery due again; resolves to how many. */
export async function recoverDeliveries(session: Session, limit: number): Promise<number> {
  return (await session.run<{ count: number }>(statement, [limit])).rows[0]?.count ?? 0;
}
