import type { Session } from '../session.js';

export type FeedEventRow = {
  readonly position: bigint | null;
  readonly event_id: string;
  readonly type: string;
  readonly sequence: number | null;
  readonly body: string | null;
  readonly created_at: Date;
};

const columns = 'e.event_id, e.type, e.sequence, e.created_at, b.body';
const bodies = 'left join event_bodies b on b.book_id = e.book_id and b.event_id = e.event_id';

const feed = {
  name: 'read_feed',
  text: `select f.position, ${columns}
    from event_feed f
    join events e on e.book_id = f.book_id and e.event_id = f.event_id
    ${bodies}
    where f.book_id = $1 and f.position > $2 and ($3::text is null or e.type = $3)
    order by f.position limit $4`,
};

const one = {
  name: 'read_event',
  text: `select null::bigint as position, ${columns} from events e ${bodies} where e.book_id = $1 and e.event_id = $2`,
};

/** The book's feed after a position, of one type or of all. */
export async function readFeed(
  session: Session,
  bookId: number,
  afterPosition: number,
  type: string | null,
  limit: number,
): Promise<FeedEventRow[]> {
  return (await session.run<FeedEventRow>(feed, [bookId, afterPosition, type, limit])).rows;
}

/** One event of the book, or null. */
export async function readEvent(session: Session, bookId: number, eventId: string): Promise<FeedEventRow | null> {
  return (await session.run<FeedEventRow>(one, [bookId, eventId])).rows[0] ?? null;
}
