import {
  assert,
  facilitatorAuths,
  isSameAsset,
  type RateOverride,
  type TermsVersion,
  toAllowedPayers,
} from '@tollbook/domain';
import {
  assetOf,
  type BookRecord,
  type Catalog,
  type GateBook,
  type GateConfigStore,
  type GateEndpoint,
  type GateFacilitator,
  type SealedSealKey,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from '../mapping/book.mapping.js';
import { fromDbBytes, fromDbBytesOrNull, fromDbHex, fromDbWord } from '../mapping/column.mapping.js';
import { fromDbEndpointCaps } from '../mapping/endpoint-caps.mapping.js';
import { fromDbRateLimits, fromDbRateOverride } from '../mapping/rate-limit.mapping.js';
import { fromDbTerms, type TermsRow } from '../mapping/terms.mapping.js';
import { readGateAllowedPayers } from '../queries/allowed-payers.js';
import { beatGateProcess } from '../queries/beat-gate-process.js';
import { beginReading } from '../queries/begin-reading.js';
import { readConfigVersions } from '../queries/read-config-versions.js';
import {
  type GateEndpointRow,
  type GateFacilitatorRow,
  readGateEndpoints,
  readGateFacilitators,
  readGateOverrides,
  readGateTerms,
  readTermsByNumber,
} from '../queries/read-gate-book.js';
import { readSealKeys, type SealKeyRow } from '../queries/read-seal-keys.js';
import { inTransaction, type Session, withSession } from '../session.js';

export type GateConfigDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Catalog;
};

/** The configuration as the gate reads it. Throws `StoreUnavailable` when the database is away. */
export function createGateConfigStore({ pool, catalog }: GateConfigDeps): GateConfigStore {
  const termsOf = (row: TermsRow) => checkedTerms(catalog, fromDbTerms(row));
  return {
    versions: () => withSession(pool, readVersions),
    loadBook: (book) =>
      inTransaction(
        pool,
        (session) => beginReading(session, book.bookId),
        async (session): Promise<GateBook> => {
          const endpoints = await readGateEndpoints(session, book.bookId);
          const terms = (await readGateTerms(session, book.bookId)).map(termsOf);
          const facilitators = await readGateFacilitators(session, book.bookId);
          const allowed = await readGateAllowedPayers(session, book.bookId);
          const overrides = (await readGateOverrides(session, book.bookId)).map(fromDbRateOverride);
          return {
            ...book,
            endpoints: endpoints.map((row) => fromDbGateEndpoint(row, terms)),
            facilitators: facilitators.map(fromDbGateFacilitator),
            overrides: bySubject(overrides),
            allowedPayers: toAllowedPayers(allowed.map(fromDbListed)),
          };
        },
      ),
    sealKeys: async () => (await withSession(pool, readSealKeys)).map(fromDbSealKey),
    terms: async (number) => {
      const row = await withSession(pool, (session) => readTermsByNumber(session, number));
      return row === null ? null : termsOf(row);
    },
    beat: (bootId) => withSession(pool, (session) => beatGateProcess(session, bootId)),
  };
}

async function readVersions(session: Session): Promise<{ books: BookRecord[]; nowMs: number }> {
  const rows = await readConfigVersions(session);
  const now = rows[0]?.now;
  assert(now !== undefined, 'the clock is told also where there is no book');
  return { books: rows.flatMap((row) => (row.book_id === null ? [] : [fromDbBook(row)])), nowMs: now.getTime() };
}

function fromDbGateEndpoint(row: GateEndpointRow, terms: readonly TermsVersion[]): GateEndpoint {
  return {
    endpointId: row.endpoint_id,
    method: row.method,
    path: row.path,
    upstreamUrl: row.upstream_url,
    timeoutMs: row.timeout_ms,
    isEnabled: row.is_enabled,
    requiresIdentifier: row.requires_identifier,
    caps: fromDbEndpointCaps(row),
    limits: fromDbRateLimits(row.limits),
    description: row.description === '' ? `${row.method} ${row.path}` : row.description,
    terms: terms.filter((each) => each.endpointId === row.endpoint_id),
  };
}

function fromDbGateFacilitator(row: GateFacilitatorRow): GateFacilitator {
  return {
    facilitatorId: row.facilitator_id,
    url: row.url,
    auth: fromDbWord(facilitatorAuths, row.auth),
    credentialsSealed: fromDbBytesOrNull(row.credentials_sealed),
    verifiesFirst: row.verifies_first,
    trustsRefusals: row.trusts_refusals,
    isEnabled: row.is_enabled,
    isArchived: row.is_archived,
  };
}

function fromDbListed({ endpoint_id: endpointId, payer }: { endpoint_id: string | null; payer: Uint8Array }) {
  return { endpointId, payer: fromDbHex(payer) };
}

function bySubject(overrides: readonly RateOverride[]): ReadonlyMap<string, readonly RateOverride[]> {
  const subjects = new Map<string, RateOverride[]>();
  for (const override of overrides) {
    const known = subjects.get(override.subject);
    if (known) known.push(override);
    else subjects.set(override.subject, [override]);
  }
  return subjects;
}

function fromDbSealKey(row: SealKeyRow): SealedSealKey {
  return {
    keyId: row.key_id,
    secretSealed: fromDbBytes(row.secret_sealed),
    sealFromUnixSeconds: Math.floor(row.seal_from.getTime() / 1000),
    sealUntilUnixSeconds: Math.floor(row.seal_until.getTime() / 1000),
    isRevoked: row.revoked_at !== null,
  };
}

/** Terms tell their assets by themselves; one that the catalogue knows as something else must not be sold in. */
function checkedTerms(catalog: Catalog, terms: TermsVersion): TermsVersion {
  for (const { asset } of terms.networks) {
    assert(isSameAsset(assetOf(catalog, asset.assetId), asset), 'terms and the catalogue mean the same asset');
  }
  return terms;
}
