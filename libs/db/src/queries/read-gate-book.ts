import { offerGraceSeconds, snapshotLagSeconds } from '@tollbook/domain';
import type { EndpointCapsRow } from '../mapping/endpoint-caps.mapping.js';
import type { RateOverrideRow } from '../mapping/rate-limit.mapping.js';
import type { TermsRow } from '../mapping/terms.mapping.js';
import type { Session } from '../session.js';

export type GateEndpointRow = EndpointCapsRow & {
  readonly endpoint_id: string;
  readonly method: string;
  readonly path: string;
  readonly upstream_url: string;
  readonly timeout_ms: number;
  readonly is_enabled: boolean;
  readonly requires_identifier: boolean;
  readonly limits: unknown;
  readonly description: string;
};

export type GateFacilitatorRow = {
  readonly facilitator_id: string;
  readonly url: string | null;
  readonly auth: string;
  readonly credentials_sealed: Uint8Array | null;
  readonly verifies_first: boolean;
  readonly trusts_refusals: boolean;
  readonly is_enabled: boolean;
  readonly is_archived: boolean;
};

const termsColumns = `t.book_id, b.mode, t.number, t.endpoint_id, t.price_version_id, t.settle_mode, t.offer_ttl_s,
  t.max_timeout_s, t.priced_query, t.prices_body, t.networks, t.in_force_from, t.superseded_at, t.revoked_at`;

/** Endpoints without an upstream belong to a merchant's own server, which asks through the SDK. */
const endpoints = {
  name: 'read_gate_endpoints',
  text: `select e.endpoint_id, e.method, e.path, e.upstream_url, e.timeout_ms, e.is_enabled, e.requires_identifier,
      e.request_bytes_max, e.held_bytes_max, e.exposure_max::text as exposure_max, e.limits, e.description
    from endpoints e
    where e.book_id = $1 and e.archived_at is null and e.upstream_url is not null
    order by e.endpoint_id`,
};

/** Superseded terms stay as long as a payment may still name an offer of theirs. */
const terms = {
  name: 'read_gate_terms',
  text: `select ${termsColumns}
    from terms_versions t
    join books b on b.book_id = t.book_id
    where t.book_id = $1 and (
      t.superseded_at is null or t.superseded_at + (t.offer_ttl_s + $2::integer) * interval '1 second' >= now()
    )
    order by t.number desc`,
};

/** Those that have expired change nothing, so nobody has to take them away. */
const overrides = {
  name: 'read_gate_overrides',
  text: `select o.subject_kind, o.subject, o.endpoint_id, o.action, o.points, o.window_seconds, o.burst, o.expires_at
    from rate_limit_overrides o
    where o.book_id = $1 and (o.expires_at is null or o.expires_at > now())`,
};

/** Who was removed long ago has no attempt that could still be sent again. */
const facilitators = {
  name: 'read_gate_facilitators',
  text: `select f.facilitator_id, f.url, f.auth, f.credentials_sealed, f.verifies_first, f.trusts_refusals, f.is_enabled,
      f.archived_at is not null as is_archived
    from facilitators f
    where f.book_id = $1 and (f.archived_at is null or f.archived_at > now() - interval '1 day')
    order by f.position, f.facilitator_id`,
};

const termsByNumber = {
  name: 'read_terms_by_number',
  text: `select ${termsColumns} from find_terms($1) t join books b on b.book_id = t.book_id`,
};

/** Endpoints of a book that the gate serves, disabled ones too. */
export async function readGateEndpoints(session: Session, bookId: number): Promise<GateEndpointRow[]> {
  return (await session.run<GateEndpointRow>(endpoints, [bookId])).rows;
}

/** Who settles for a book, in the order in which they are asked. */
export async function readGateFacilitators(session: Session, bookId: number): Promise<GateFacilitatorRow[]> {
  return (await session.run<GateFacilitatorRow>(facilitators, [bookId])).rows;
}

/** Exceptions from the rate limits of a book. */
export async function readGateOverrides(session: Session, bookId: number): Promise<RateOverrideRow[]> {
  return (await session.run<RateOverrideRow>(overrides, [bookId])).rows;
}

/** Terms of a book that are in force or scheduled, or superseded so lately that a payment may name them; newest first. */
export async function readGateTerms(session: Session, bookId: number): Promise<TermsRow[]> {
  return (await session.run<TermsRow>(terms, [bookId, offerGraceSeconds + snapshotLagSeconds])).rows;
}

/** The terms of a number, of whatever book; null where none has it. */
export async function readTermsByNumber(session: Session, number: bigint): Promise<TermsRow | null> {
  return (await session.run<TermsRow>(termsByNumber, [number])).rows[0] ?? null;
}
