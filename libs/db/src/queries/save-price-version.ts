import type { SettleMode } from '@tollbook/domain';
import type { Session } from '../session.js';

/** Read once the book is locked: `now()` may lie before the price version that was waited for. */
const clock = { name: 'read_clock', text: `select clock_timestamp() as now` };

const insertVersion = {
  name: 'insert_price_version',
  text: `insert into price_versions
      (book_id, price_version_id, endpoint_id, version_no, model, effective_from, author, reason)
    select $1::integer, $2, $3::uuid, coalesce(max(p.version_no), 0) + 1, 'fixed', $4, $5, $6
    from price_versions p
    where p.book_id = $1 and p.endpoint_id = $3`,
};

const insertAmounts = {
  name: 'insert_price_amounts',
  text: `insert into price_amounts (book_id, price_version_id, network_id, asset_id, amount_atomic)
    select $1, $2, u.network_id, u.asset_id, u.amount_atomic
    from unnest($3::smallint[], $4::integer[], $5::numeric[]) as u (network_id, asset_id, amount_atomic)`,
};

const supersede = {
  name: 'supersede_terms',
  text: `update terms_versions set superseded_at = $3
    where book_id = $1 and endpoint_id = $2 and superseded_at is null`,
};

const insertTermsRow = {
  name: 'insert_terms_version',
  text: `insert into terms_versions (book_id, endpoint_id, price_version_id, settle_mode, offer_ttl_s, max_timeout_s,
      priced_query, prices_body, networks, in_force_from, superseded_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)`,
};

/** The database's clock, now. */
export async function readClock(session: Session): Promise<Date | undefined> {
  return (await session.run<{ now: Date }>(clock)).rows[0]?.now;
}

/** Adds the next price version of an endpoint, with one amount a network. */
export async function insertPriceVersion(
  session: Session,
  version: {
    readonly bookId: number;
    readonly priceVersionId: string;
    readonly endpointId: string;
    readonly effectiveFrom: Date;
    readonly author: string;
    readonly reason: string;
    readonly amounts: readonly {
      readonly networkId: number;
      readonly assetId: number;
      readonly amountAtomic: bigint;
    }[];
  },
): Promise<void> {
  const { bookId, priceVersionId, endpointId, effectiveFrom, author, reason, amounts } = version;
  await session.run(insertVersion, [bookId, priceVersionId, endpointId, effectiveFrom, author, reason]);
  await session.run(insertAmounts, [
    bookId,
    priceVersionId,
    amounts.map((amount) => amount.networkId),
    amounts.map((amount) => amount.assetId),
    amounts.map((amount) => amount.amountAtomic),
  ]);
}

/** Ends the terms of an endpoint that are in force or scheduled. */
export async function supersedeTerms(
  session: Session,
  bookId: number,
  endpointId: string,
  supersededAt: Date,
): Promise<void> {
  await session.run(supersede, [bookId, endpointId, supersededAt]);
}

/** Adds a terms version; `networks` is the text of its jsonb. */
export async function insertTerms(
  session: Session,
  terms: {
    readonly bookId: number;
    readonly endpointId: string;
    readonly priceVersionId: string;
    readonly settleMode: SettleMode;
    readonly offerTtlSeconds: number;
    readonly maxTimeoutSeconds: number;
    readonly pricedQuery: readonly string[];
    readonly pricesBody: boolean;
    readonly networks: string;
    readonly inForceFrom: Date;
    /** Where their end is planned already. */
    readonly supersededAt?: Date | null;
  },
): Promise<void> {
  await session.run(insertTermsRow, [
    terms.bookId,
    terms.endpointId,
    terms.priceVersionId,
    terms.settleMode,
    terms.offerTtlSeconds,
    terms.maxTimeoutSeconds,
    terms.pricedQuery,
    terms.pricesBody,
    terms.networks,
    terms.inForceFrom,
    terms.supersededAt ?? null,
  ]);
}
