import type { ToleranceStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { beginReading } from '../queries/begin-reading.js';
import { inTransaction } from '../session.js';
import { saveTolerance, selectTolerances } from '../statements/tolerances.js';

/** `pool` acts as tollbook_app. */
export function createToleranceStore(pool: Pool): ToleranceStore {
  return {
    list: (bookId) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        async (session) => {
          const rows = await selectTolerances(session, [bookId]);
          return rows.map((row) => ({ assetId: row.asset_id, amountAtomic: BigInt(row.amount_atomic) }));
        },
      ),
    set: (bookId, { assetId, amountAtomic, reason }, name, by) =>
      changeConfiguration<void>(
        pool,
        bookId,
        async (session) => {
          const rows = await selectTolerances(session, [bookId]);
          const before = rows.find((row) => row.asset_id === assetId)?.amount_atomic ?? '0';
          if (BigInt(before) === amountAtomic) return { result: undefined, isChanged: false };
          await saveTolerance(session, { bookId, assetId, amountAtomic, actorId: by.actor.id });
          const change = { before: { amountAtomic: before }, after: { amountAtomic: amountAtomic.toString() } };
          const target = { targetKind: 'tolerance', targetId: name };
          const audit = [{ action: 'tolerance.changed', ...target, ...change, reason }];
          return { result: undefined, isChanged: false, audit };
        },
        by,
      ),
  };
}
