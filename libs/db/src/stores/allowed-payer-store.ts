import { encodeId } from '@tollbook/domain';
import type { AllowedPayerRecord, AllowedPayerStore, AuditDraft } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbHex, toDbHex } from '../mapping/column.mapping.js';
import { newId } from '../new-id.js';
import {
  type AllowedPayerRow,
  countOtherAllowedPayers,
  deleteAllowedPayer,
  insertAllowedPayers,
  listAllowedPayers,
  selectAllowedPayers,
} from '../queries/allowed-payers.js';
import { beginReading } from '../queries/begin-reading.js';
import { selectLimitedEndpoint } from '../queries/save-rate-limits.js';
import { inTransaction } from '../session.js';

/** `pool` acts as tollbook_app. */
export function createAllowedPayerStore(pool: Pool): AllowedPayerStore {
  return {
    list: (bookId, after, limit) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        async (session) => (await listAllowedPayers(session, bookId, after, limit)).map(fromDbAllowedPayer),
      ),
    add: (bookId, { endpointId, payers, note }, by) =>
      changeConfiguration<readonly AllowedPayerRecord[] | null>(
        pool,
        bookId,
        async (session) => {
          const isKnown = endpointId === null || (await selectLimitedEndpoint(session, bookId, endpointId)) !== null;
          if (!isKnown) return { result: null, isChanged: false };
          const bytes = payers.map(toDbHex);
          const ids = payers.map(() => newId());
          const rows = { endpointId, ids, payers: bytes, note, actorId: by.actor.id };
          const added = await insertAllowedPayers(session, bookId, rows);
          const all = await selectAllowedPayers(session, bookId, endpointId, bytes);
          const audit = added.map((row) => auditOf('allowed_payer.added', fromDbAllowedPayer(row), note));
          return { result: all.map(fromDbAllowedPayer), isChanged: added.length > 0, audit };
        },
        by,
      ),
    remove: ({ bookId, allowedPayerId, opens, reason }, by) =>
      changeConfiguration<'removed' | 'not_found' | 'last'>(
        pool,
        bookId,
        async (session) => {
          // Changes of a book wait for one another, so that two of them cannot each leave the last to the other.
          const others = await countOtherAllowedPayers(session, bookId, allowedPayerId);
          if (others === null) return { result: 'not_found', isChanged: false };
          if (others === 0 && !opens) return { result: 'last', isChanged: false };
          const removed = await deleteAllowedPayer(session, bookId, allowedPayerId);
          const audit = [auditOf('allowed_payer.removed', fromDbAllowedPayer(removed), reason)];
          return { result: 'removed', isChanged: true, audit };
        },
        by,
      ),
  };
}

function auditOf(action: string, record: AllowedPayerRecord, reason: string): AuditDraft {
  const { allowedPayerId, endpointId, payer, note } = record;
  const endpoint = endpointId === null ? null : encodeId('endpoint', endpointId);
  const value = { payer, endpointId: endpoint, note };
  const [before, after] = action.endsWith('.added') ? [null, value] : [value, null];
  return {
    action,
    targetKind: 'allowed_payer',
    targetId: encodeId('allowedPayer', allowedPayerId),
    before,
    after,
    reason,
  };
}

function fromDbAllowedPayer(row: AllowedPayerRow): AllowedPayerRecord {
  return {
    allowedPayerId: row.allowed_payer_id,
    endpointId: row.endpoint_id,
    payer: fromDbHex(row.payer),
    note: row.note,
    createdAtMs: row.created_at.getTime(),
  };
}
