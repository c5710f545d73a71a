import type { Session } from '../session.js';

const statement = {
  name: 'drop_removed_deliveries',
  text: `with gone as (
      select d.book_id, d.delivery_id
      from webhook_endpoints w
      join deliveries d on d.book_id = w.book_id and d.webhook_endpoint_id = w.webhook_endpoint_id
        and d.status = 'pending'
      where w.archived_at is not null
      limit $1
      for update of d skip locked
    )
    update deliveries d set status = 'dropped', next_attempt_at = null, done_at = now()
    from gone g
    where d.book_id = g.book_id and d.delivery_id = g.delivery_id`,
};

/** Ends up to `limit` deliveries whose endpoint was removed; resolves to how many. */
export async function dropRemovedDeliveries(session: Session, limit: number): Promise<number> {
  return (await session.run(statement, [limit])).rowCount ?? 0;
}
