import type { SettleMode } from '@tollbook/domain';
import type { Session } from '../session.js';

export type EndpointRow = { readonly endpoint_id: string; readonly has_price: boolean };

const insert = {
  name: 'insert_endpoint',
  text: `insert into endpoints (book_id, endpoint_id, method, path, upstream_url, settle_mode, timeout_ms)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (book_id, method, path) where archived_at is null do nothing`,
};

const byRoute = {
  name: 'select_endpoint_by_route',
  text: `select e.endpoint_id, exists (
      select from price_versions p where p.book_id = e.book_id and p.endpoint_id = e.endpoint_id
    ) as has_price
    from endpoints e
    where e.book_id = $1 and e.method = $2 and e.path = $3 and e.archived_at is null`,
};

const update = {
  name: 'update_upstream',
  text: `with changed as (
      update endpoints set upstream_url = $3
      where book_id = $1 and endpoint_id = $2 and upstream_url is distinct from $3
      returning endpoint_id
    )
    select exists (select from changed) as is_changed
    from endpoints
    where book_id = $1 and endpoint_id = $2`,
};

/** Adds an endpoint unless its method and path are served; resolves to whether it was added. */
export async function insertEndpoint(
  session: Session,
  endpoint: {
    readonly bookId: number;
    readonly endpointId: string;
    readonly method: string;
    readonly path: string;
    readonly upstreamUrl: string;
    readonly settleMode: SettleMode;
    readonly timeoutMs: number;
  },
): Promise<boolean> {
  const { bookId, endpointId, method, path, upstreamUrl, settleMode, timeoutMs } = endpoint;
  const values = [bookId, endpointId, method, path, upstreamUrl, settleMode, timeoutMs];
  return (await session.run(insert, values)).rowCount === 1;
}

/** The endpoint that serves a method and path of a book, or null. */
export async function selectEndpointByRoute(
  session: Session,
  route: { readonly bookId: number; readonly method: string; readonly path: string },
): Promise<EndpointRow | null> {
  return (await session.run<EndpointRow>(byRoute, [route.bookId, route.method, route.path])).rows[0] ?? null;
}

/** Points an endpoint at an upstream; tells whether there is such an endpoint, and whether that changed it. */
export async function updateUpstream(
  session: Session,
  bookId: number,
  endpointId: string,
  upstreamUrl: string,
): Promise<{ readonly isKnown: boolean; readonly isChanged: boolean }> {
  const { rows } = await session.run<{ is_changed: boolean }>(update, [bookId, endpointId, upstreamUrl]);
  return { isKnown: rows.length > 0, isChanged: rows[0]?.is_changed ?? false };
}
