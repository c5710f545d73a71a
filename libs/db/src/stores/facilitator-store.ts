import { encodeId, facilitatorAuths, facilitatorKinds, type JsonValue } from '@tollbook/domain';
import type { AuditDraft, FacilitatorChange, FacilitatorRecord, FacilitatorStore, Scorecard } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { beginReading } from '../queries/begin-reading.js';
import {
  archiveFacilitator,
  type FacilitatorRow,
  insertFacilitator,
  listFacilitators,
  readFacilitator,
  readScorecards,
  type ScorecardRow,
  updateFacilitator,
} from '../queries/facilitators.js';
import { inTransaction, type Session } from '../session.js';

/** Facilitators; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createFacilitatorStore(pool: Pool): FacilitatorStore {
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    list: async (bookId) =>
      (await reading(bookId, (session) => listFacilitators(session, bookId))).map(fromDbFacilitator),
    one: (bookId, id) => reading(bookId, (session) => read(session, bookId, id)),
    add: (change, draft) =>
      changing(pool, change, 'added', async (session, before) => {
        if (before === null) await insertFacilitator(session, change.bookId, change.facilitatorId, draft);
      }),
    change: (change, changes) =>
      changing(
        pool,
        change,
        'changed',
        (session) => updateFacilitator(session, change.bookId, change.facilitatorId, changes),
        changes.credentialsSealed !== undefined,
      ),
    remove: (change) =>
      changing(pool, change, 'removed', (session) => archiveFacilitator(session, change.bookId, change.facilitatorId)),
    scorecards: async (bookId, days) =>
      (await reading(bookId, (session) => readScorecards(session, bookId, days))).map(fromDbScorecard),
  };
}

/**
 * A change and its row in the audit log, which holds the facilitator before and after. Where nothing came of it (no
 * such facilitator, or a second built-in one) nothing is written and null comes back.
 */
async function changing(
  pool: Pool,
  change: FacilitatorChange,
  verb: 'added' | 'changed' | 'removed',
  work: (session: Session, before: FacilitatorRecord | null) => Promise<void>,
  hasNewCredentials = false,
): Promise<FacilitatorRecord | null> {
  const { bookId, facilitatorId, by } = change;
  return changeConfiguration(
    pool,
    bookId,
    async (session) => {
      const before = await read(session, bookId, facilitatorId);
      if (before === null && verb !== 'added') return { result: null, isChanged: false };
      await work(session, before);
      const after = await read(session, bookId, facilitatorId);
      const result = after ?? before;
      const isRepeated = verb === 'added' && before !== null;
      const told = auditOf(change, verb, before, after);
      const isSame = !hasNewCredentials && JSON.stringify(told.before) === JSON.stringify(told.after);
      if (result === null || isRepeated || isSame) return { result, isChanged: false };
      return { result, isChanged: true, audit: [told] };
    },
    by,
  );
}

async function read(session: Session, bookId: number, id: string): Promise<FacilitatorRecord | null> {
  const row = await readFacilitator(session, bookId, id);
  return row === null ? null : fromDbFacilitator(row);
}

function auditOf(
  { facilitatorId, reason }: FacilitatorChange,
  verb: string,
  before: FacilitatorRecord | null,
  after: FacilitatorRecord | null,
): AuditDraft {
  return {
    action: `facilitator.${verb}`,
    targetKind: 'facilitator',
    targetId: encodeId('facilitator', facilitatorId),
    before: toAudit(before),
    after: toAudit(after),
    reason,
  };
}

/** Without credentials: that they were changed is told by the row alone. */
function toAudit(record: FacilitatorRecord | null): JsonValue {
  if (record === null) return null;
  const { facilitatorId: _, createdAtMs: __, ...told } = record;
  return told;
}

function fromDbFacilitator(row: FacilitatorRow): FacilitatorRecord {
  return {
    facilitatorId: row.facilitator_id,
    kind: fromDbWord(facilitatorKinds, row.kind),
    name: row.name,
    url: row.url,
    auth: fromDbWord(facilitatorAuths, row.auth),
    position: row.position,
    verifiesFirst: row.verifies_first,
    trustsRefusals: row.trusts_refusals,
    allowsPlainHttp: row.allows_plain_http,
    isEnabled: row.is_enabled,
    createdAtMs: row.created_at.getTime(),
  };
}

function fromDbScorecard(row: ScorecardRow): Scorecard {
  return {
    facilitatorId: row.facilitator_id,
    sent: row.sent,
    confirmed: row.confirmed,
    latencyMsP50: row.p50,
    latencyMsP95: row.p95,
    everUnknown: row.ever_unknown,
    unknownNow: row.unknown_now,
    saidDoneNeverSeen: row.said_done_never_seen,
    saidNoButCame: row.said_no_but_came,
    saidOtherHash: row.said_other_hash,
    lastSettledAtMs: row.last_settled_at?.getTime() ?? null,
  };
}
