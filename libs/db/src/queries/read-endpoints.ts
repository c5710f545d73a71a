import type { EndpointCapsRow } from '../mapping/endpoint-caps.mapping.js';
import type { Session } from '../session.js';

export type EndpointRow = EndpointCapsRow & {
  readonly endpoint_id: string;
  readonly method: string;
  readonly path: string;
  readonly upstream_url: string | null;
  readonly description: string;
  readonly settle_mode: string;
  readonly timeout_ms: number;
  readonly is_enabled: boolean;
  readonly requires_identifier: boolean;
  readonly created_at: Date;
  readonly archived_at: Date | null;
};

export type PriceVersionRow = {
  readonly price_version_id: string;
  readonly endpoint_id: string;
  readonly version_no: number;
  readonly author: string;
  readonly reason: string;
  readonly created_at: Date;
  readonly network_ids: readonly number[];
  readonly asset_ids: readonly number[];
  readonly amounts: readonly string[];
  readonly active_from: Date;
  readonly active_to: Date | null;
  readonly is_canceled: boolean;
  readonly offer_ttl_s: number;
};

const endpointColumns = `e.endpoint_id, e.method, e.path, e.upstream_url, e.description, e.settle_mode, e.timeout_ms,
  e.is_enabled, e.requires_identifier, e.request_bytes_max, e.held_bytes_max, e.exposure_max::text as exposure_max,
  e.created_at, e.archived_at`;

const list = {
  name: 'list_endpoints',
  text: `select ${endpointColumns} from endpoints e
    where e.book_id = $1 and ($2::uuid is null or e.endpoint_id < $2)
      and case $3::text when 'archived' then e.archived_at is not null
        when 'disabled' then e.archived_at is null and not e.is_enabled
        when 'active' then e.archived_at is null and e.is_enabled
        else e.archived_at is null end
    order by e.endpoint_id desc
    limit $4`,
};

const one = {
  name: 'read_endpoint',
  text: `select ${endpointColumns} from endpoints e where e.book_id = $1 and e.endpoint_id = $2`,
};

/**
 * A price version with its amounts, and its time by the terms that were made from it: of one decision there are several
 * where a wallet changed meanwhile. Taken back is what was revoked before it began.
 */
const priceVersion = `select p.price_version_id, p.endpoint_id, p.version_no, p.author, p.reason, p.created_at,
    a.network_ids, a.asset_ids, a.amounts, t.active_from, t.active_to, t.is_canceled, t.offer_ttl_s
  from price_versions p
  cross join lateral (
    select array_agg(a.network_id order by a.network_id)::integer[] as network_ids,
      array_agg(a.asset_id order by a.network_id) as asset_ids,
      array_agg(a.amount_atomic::text order by a.network_id) as amounts
    from price_amounts a
    where a.book_id = p.book_id and a.price_version_id = p.price_version_id
  ) a
  cross join lateral (
    select coalesce(
        min(t.in_force_from) filter (where t.superseded_at is null or t.superseded_at > t.in_force_from),
        min(t.in_force_from)
      ) as active_from,
      case when not bool_or(t.superseded_at is null) then max(t.superseded_at) end as active_to,
      bool_and(t.revoked_at is not null and t.revoked_at <= t.in_force_from) as is_canceled,
      max(t.offer_ttl_s) as offer_ttl_s
    from terms_versions t
    where t.book_id = p.book_id and t.endpoint_id = p.endpoint_id and t.price_version_id = p.price_version_id
  ) t
  where p.book_id = $1 and t.active_from is not null`;

const livePrices = {
  name: 'read_live_prices',
  text: `${priceVersion} and p.endpoint_id = any($2::uuid[]) and not t.is_canceled
      and (t.active_to is null or t.active_to > clock_timestamp())
    order by p.endpoint_id, p.version_no desc`,
};

const prices = {
  name: 'list_price_versions',
  text: `${priceVersion} and p.endpoint_id = $2 and ($3::integer is null or p.version_no < $3)
    order by p.version_no desc
    limit $4`,
};

const onePrice = {
  name: 'read_price_version',
  text: `${priceVersion} and p.price_version_id = $2`,
};

/** A page of a book's endpoints, newest first; without a state, those that are not archived. */
export async function listEndpointRows(
  session: Session,
  bookId: number,
  filter: { readonly state: string | null; readonly after: string | null },
  limit: number | null,
): Promise<EndpointRow[]> {
  return (await session.run<EndpointRow>(list, [bookId, filter.after, filter.state, limit])).rows;
}

/** One endpoint of a book, archived or not; null where there is none. */
export async function readEndpoint(session: Session, bookId: number, endpointId: string): Promise<EndpointRow | null> {
  return (await session.run<EndpointRow>(one, [bookId, endpointId])).rows[0] ?? null;
}

/** The price versions of endpoints that are in force or to come, newest first. */
export async function readLivePrices(
  session: Session,
  bookId: number,
  endpointIds: readonly string[],
): Promise<PriceVersionRow[]> {
  return (await session.run<PriceVersionRow>(livePrices, [bookId, endpointIds])).rows;
}

/** A page of an endpoint's price versions, newest first. */
export async function listPriceVersions(
  session: Session,
  bookId: number,
  endpointId: string,
  after: number | null,
  limit: number,
): Promise<PriceVersionRow[]> {
  return (await session.run<PriceVersionRow>(prices, [bookId, endpointId, after, limit])).rows;
}

/** One price version of a book; null where there is none. */
export async function readPriceVersion(
  session: Session,
  bookId: number,
  priceVersionId: string,
): Promise<PriceVersionRow | null> {
  return (await session.run<PriceVersionRow>(onePrice, [bookId, priceVersionId])).rows[0] ?? null;
}
