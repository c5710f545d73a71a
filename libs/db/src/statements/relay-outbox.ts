import type { Session } from '../session.js';

/**
 * One statement, so that rows leave the outbox in the commit that gives their events a place, and that tells whoever
 * listens how far each feed reaches now.
 */
const statement = {
  name: 'relay_outbox',
  text: `with picked as materialized (
      select o.outbox_id from outbox o order by o.outbox_id limit $1 for update skip locked
    ), gone as (
      delete from outbox o using picked p where o.outbox_id = p.outbox_id
      returning o.outbox_id, o.book_id, o.event_id
    ), counted as (
      select g.book_id, count(*) as events from gone g group by g.book_id
    ), heads as (
      insert into feed_heads as h (book_id, position)
      select c.book_id, c.events from counted c order by c.book_id
      on conflict (book_id) do update set position = h.position + excluded.position
      returning h.book_id, h.position
    ), fed as (
      insert into event_feed (book_id, position, event_id)
      select g.book_id, h.position - c.events + row_number() over (partition by g.book_id order by g.outbox_id),
        g.event_id
      from gone g join heads h on h.book_id = g.book_id join counted c on c.book_id = g.book_id
    ), told as materialized (
      select pg_notify('tollbook_feed', h.book_id || ':' || h.position) from heads h
    )
    select count(*)::integer as relayed, (select count(*) from told) as told from gone`,
};

/** Moves up to `limit` events from the outbox into their books' feeds, oldest first; resolves to how many. */
export async function relayOutbox(session: Session, limit: number): Promise<number> {
  const { rows } = await session.run<{ relayed: number }>(statement, [limit]);
  return rows[0]?.relayed ?? 0;
}
