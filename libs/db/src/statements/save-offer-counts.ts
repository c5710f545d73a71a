import type { OfferCount, RefusalSample } from '@tollbook/usecases';
import { toDbHexOrNull, toDbJson, toDbTime } from '../mapping/column.mapping.js';
import { newId } from '../new-id.js';
import type { Session } from '../session.js';

const counts = {
  name: 'save_offer_counts',
  text: `insert into offer_counts as t (book_id, minute, endpoint_id, kind, reason, client, x402_version, count)
    select $1, $2, u.endpoint_id, u.kind, u.reason, u.client, u.x402_version, u.count
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::bigint[])
      as u (endpoint_id, kind, reason, client, x402_version, count)
    order by 3, 4, 5, 6, 7
    on conflict (book_id, minute, endpoint_id, kind, reason, client, x402_version)
    do update set count = t.count + excluded.count`,
};

const samples = {
  name: 'save_refusal_samples',
  text: `insert into refusal_samples (book_id, refusal_sample_id, endpoint_id, reason, client, x402_version, payer,
      intent_id, evidence, created_at)
    select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::bytea[], $8::uuid[],
      $9::jsonb[], $10::timestamptz[])`,
};

/** Adds the counts of one minute; several processes may add to the same one. */
export async function saveOfferCounts(
  session: Session,
  bookId: number,
  minuteMs: number,
  rows: readonly OfferCount[],
): Promise<void> {
  await session.run(counts, [
    bookId,
    toDbTime(minuteMs),
    rows.map((row) => row.endpointId),
    rows.map((row) => row.kind),
    rows.map((row) => row.reason),
    rows.map((row) => row.client),
    rows.map((row) => row.x402Version),
    rows.map((row) => row.count),
  ]);
}

/** Keeps samples of refused payments. */
export async function saveRefusalSamples(
  session: Session,
  bookId: number,
  rows: readonly RefusalSample[],
): Promise<void> {
  await session.run(samples, [
    bookId,
    rows.map((row) => newId(row.atMs)),
    rows.map((row) => row.endpointId),
    rows.map((row) => row.reason),
    rows.map((row) => row.client),
    rows.map((row) => row.x402Version),
    rows.map((row) => toDbHexOrNull(row.payer)),
    rows.map((row) => row.intentId),
    rows.map((row) => toDbJson(row.evidence)),
    rows.map((row) => toDbTime(row.atMs)),
  ]);
}
