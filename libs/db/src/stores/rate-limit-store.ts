import { assert, encodeId, type JsonValue, type RateLimits, rateSides } from '@tollbook/domain';
import type {
  AuditContext,
  LimitedEndpoint,
  RateCountsOfDay,
  RateLimitStore,
  RateOverrideRecord,
} from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbTime, fromDbWord, toDbTime } from '../mapping/column.mapping.js';
import { fromDbRateLimits, fromDbRateOverride, toDbRateLimits } from '../mapping/rate-limit.mapping.js';
import { newId } from '../new-id.js';
import { beginReading } from '../queries/begin-reading.js';
import { readRateHours, readRateLastHour, readRateSubjects } from '../queries/read-rate-counts.js';
import {
  deleteRateOverride,
  insertRateOverride,
  type LimitedEndpointRow,
  listLimitedEndpoints,
  listRateOverrides,
  type RateOverrideRecordRow,
  selectLimitedEndpoint,
  takeSameOverride,
  updateLimits,
} from '../queries/save-rate-limits.js';
import { inTransaction, type Session } from '../session.js';
import { beginInBook } from '../statements/begin-transaction.js';
import { forgetRateCounts, saveRateCounts } from '../statements/save-rate-counts.js';

export type RateLimitStoreDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  /** The same with soft commits: nobody waits for counts to be on disk. */
  readonly softPool: Pool;
};

/** Limits, exceptions and what came of them. Throws `StoreUnavailable` when the database is away. */
export function createRateLimitStore({ pool, softPool }: RateLimitStoreDeps): RateLimitStore {
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  const counting = (bookId: number, work: (session: Session) => Promise<void>) =>
    inTransaction(softPool, (session) => beginInBook(session, bookId), work);
  return {
    saveCounts: (bookId, drafts) => counting(bookId, (session) => saveRateCounts(session, bookId, drafts)),
    forgetCounts: (bookId) => counting(bookId, (session) => forgetRateCounts(session, bookId)),
    countsOfDay: (bookId, ids) => reading(bookId, (session) => readCounts(session, bookId, ids)),
    endpoints: (bookId, after, limit) =>
      reading(bookId, async (session) =>
        (await listLimitedEndpoints(session, bookId, after, limit)).map(fromDbLimitedEndpoint),
      ),
    endpoint: (bookId, endpointId) =>
      reading(bookId, async (session) => {
        const row = await selectLimitedEndpoint(session, bookId, endpointId);
        return row === null ? null : fromDbLimitedEndpoint(row);
      }),
    changeLimits: (at, change, reason, by) => changeLimits(pool, at, change, reason, by),
    overrides: (bookId, after, limit) =>
      reading(bookId, async (session) => (await listRateOverrides(session, bookId, after, limit)).map(fromDbRecord)),
    setOverride: (bookId, override, by) => setOverride(pool, bookId, override, by),
    removeOverride: ({ bookId, overrideId, reason }, by) =>
      changeConfiguration(
        pool,
        bookId,
        async (session) => {
          const removed = await deleteRateOverride(session, bookId, overrideId);
          if (removed === null) return { result: false, isChanged: false };
          const audit = overrideAudit('limit_override.removed', fromDbRecord(removed), null, reason);
          return { result: true, isChanged: true, audit: [audit] };
        },
        by,
      ),
  };
}

function changeLimits(
  pool: Pool,
  { bookId, endpointId }: { readonly bookId: number; readonly endpointId: string },
  change: (limits: RateLimits) => RateLimits,
  reason: string,
  by: AuditContext,
): Promise<LimitedEndpoint | null> {
  return changeConfiguration<LimitedEndpoint | null>(
    pool,
    bookId,
    async (session) => {
      const row = await selectLimitedEndpoint(session, bookId, endpointId);
      if (row === null) return { result: null, isChanged: false };
      const before = fromDbLimitedEndpoint(row);
      const limits = change(before.limits);
      const [was, is] = [toDbRateLimits(before.limits), toDbRateLimits(limits)];
      if (was === is) return { result: before, isChanged: false };
      await updateLimits(session, bookId, endpointId, is);
      const target = { targetKind: 'endpoint', targetId: encodeId('endpoint', endpointId) };
      const audit = { action: 'limit.changed', ...target, before: before.limits, after: limits, reason };
      return { result: { ...before, limits }, isChanged: true, audit: [audit] };
    },
    by,
  );
}

function setOverride(
  pool: Pool,
  bookId: number,
  override: Parameters<RateLimitStore['setOverride']>[1],
  by: AuditContext,
): Promise<RateOverrideRecord | null> {
  const { subjectKind, subject, endpointId, decision, expiresAtMs, reason } = override;
  const { points, windowSeconds, burst } = decision.action === 'limit' ? decision.policy : noPolicy;
  return changeConfiguration<RateOverrideRecord | null>(
    pool,
    bookId,
    async (session) => {
      const isKnown = endpointId === null || (await selectLimitedEndpoint(session, bookId, endpointId)) !== null;
      if (!isKnown) return { result: null, isChanged: false };
      const replaced = await takeSameOverride(session, bookId, override);
      const policy = [decision.action, points, windowSeconds, burst];
      const rest = [toDbTime(expiresAtMs), reason, by.actor.id];
      const row = await insertRateOverride(session, [
        ...[bookId, newId(), subjectKind, subject, endpointId],
        ...policy,
        ...rest,
      ]);
      assert(row !== undefined, 'an exception that was inserted is given back');
      const record = fromDbRecord(row);
      const audit = overrideAudit('limit_override.set', replaced ? fromDbRecord(replaced) : null, record, reason);
      return { result: record, isChanged: true, audit: [audit] };
    },
    by,
  );
}

const noPolicy = { points: null, windowSeconds: null, burst: null };

function overrideAudit(
  action: string,
  before: RateOverrideRecord | null,
  after: RateOverrideRecord | null,
  reason: string,
) {
  const target = after ?? before;
  assert(target !== null, 'there was an exception, or there is one');
  const targetId = encodeId('rateLimitOverride', target.overrideId);
  const shown = { before: auditValue(before), after: auditValue(after) };
  return { action, targetKind: 'rate_limit_override', targetId, ...shown, reason };
}

function auditValue(record: RateOverrideRecord | null): JsonValue {
  if (record === null) return null;
  const { subjectKind, subject, endpointId, decision, expiresAtMs } = record;
  const endpoint = endpointId === null ? null : encodeId('endpoint', endpointId);
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
  return { subjectKind, subject, endpointId: endpoint, ...decision, expiresAt };
}

async function readCounts(session: Session, bookId: number, ids: readonly string[]): Promise<RateCountsOfDay> {
  const hours = await readRateHours(session, bookId, ids);
  const lastHour = await readRateLastHour(session, bookId, ids);
  const subjects = await readRateSubjects(session, bookId, ids);
  const place = (row: { readonly endpoint_id: string; readonly side: string }) => ({
    endpointId: row.endpoint_id,
    side: fromDbWord(rateSides, row.side),
  });
  const sums = (row: { readonly allowed: bigint; readonly throttled: bigint }) => ({
    allowed: Number(row.allowed),
    throttled: Number(row.throttled),
  });
  return {
    hours: hours.map((row) => ({ ...place(row), ...sums(row), startsAtMs: row.starts_at.getTime() })),
    lastHour: lastHour.map((row) => ({ ...place(row), ...sums(row) })),
    subjects: subjects.map((row) => ({
      ...place(row),
      subject: row.subject,
      throttledLastHour: Number(row.throttled_last_hour),
      throttledLastDay: Number(row.throttled_last_day),
      lastSeenAtMs: row.last_seen_at.getTime(),
      used: row.used,
      resetsAtMs: fromDbTime(row.resets_at),
    })),
  };
}

function fromDbLimitedEndpoint(row: LimitedEndpointRow): LimitedEndpoint {
  const { endpoint_id: endpointId, method, path, limits } = row;
  return { endpointId, method, path, limits: fromDbRateLimits(limits) };
}

function fromDbRecord(row: RateOverrideRecordRow): RateOverrideRecord {
  const overrideId = row.rate_limit_override_id;
  return { ...fromDbRateOverride(row), overrideId, reason: row.reason, createdAtMs: row.created_at.getTime() };
}
