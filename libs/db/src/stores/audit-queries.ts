import {
  type AuditEntryForHash,
  actorKinds,
  auditHash,
  equalBytes,
  firstChainHash,
  type JsonValue,
} from '@tollbook/domain';
import type { AuditLogRecord, AuditQueries } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBytes, fromDbWord } from '../mapping/column.mapping.js';
import { beginReading } from '../queries/begin-reading.js';
import { type AuditLogRow, listAuditRows } from '../queries/list-audit.js';
import { inTransaction } from '../session.js';
import { sha256 } from '../sha256.js';
import { nameMerchant } from '../statements/append-audit.js';

/** The audit log as it is shown. The pool acts as tollbook_app. */
export function createAuditQueries(pool: Pool): AuditQueries {
  return {
    list: (merchant, filter, after, limit) =>
      inTransaction(
        pool,
        (session) => beginReading(session, null),
        async (session) => {
          await nameMerchant(session, merchant.merchantId);
          return (await listAuditRows(session, merchant, filter, after, limit)).map(fromDbAudit);
        },
      ),
  };
}

function fromDbAudit(row: AuditLogRow): AuditLogRecord {
  const entry: AuditEntryForHash = {
    auditSeq: row.audit_seq,
    atUnixMs: row.created_at.getTime(),
    mode: row.mode,
    actorKind: fromDbWord(actorKinds, row.actor_kind),
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    before: fromDbJsonValue(row.before),
    after: fromDbJsonValue(row.after),
    reason: row.reason,
    requestId: row.request_id,
    address: row.address,
  };
  const before = row.previous_hash === null ? firstChainHash : fromDbBytes(row.previous_hash);
  const isMissing = row.previous_hash === null && row.audit_seq !== 1n;
  const isChained = !isMissing && equalBytes(auditHash(before, entry, sha256), fromDbBytes(row.chain_hash));
  return { ...entry, isChained };
}

/** What jsonb holds is what JSON can say; the driver does not know. */
function fromDbJsonValue(value: unknown): JsonValue {
  return value === undefined ? null : (value as JsonValue);
}
