import type { Session } from '../session.js';

const statement = {
  name: 'read_endpoint_names',
  text: 'select e.endpoint_id, e.method, e.path from endpoints e where e.book_id = $1',
};

/** What every endpoint of a book answers, archived ones among them. */
export async function readEndpointNames(
  session: Session,
  bookId: number,
): Promise<{ readonly endpoint_id: string; readonly method: string; readonly path: string }[]> {
  return (await session.run<{ endpoint_id: string; method: string; path: string }>(statement, [bookId])).rows;
}
