import type { Session } from '../session.js';

const statement = {
  name: 'read_feed_head',
  text: 'select h.position from feed_heads h where h.book_id = $1',
};

/** The last position given in a book's feed; 0 before the first. */
export async function readFeedHead(session: Session, bookId: number): Promise<number> {
  const { rows } = await session.run<{ position: bigint }>(statement, [bookId]);
  return Number(rows[0]?.position ?? 0n);
}
