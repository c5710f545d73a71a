import { discrepancyKinds } from '@tollbook/domain';
import type { IntentKey, IntentRecord } from '@tollbook/usecases';
import { fromDbAllocation } from '../mapping/allocation.mapping.js';
import { fromDbAttempt } from '../mapping/attempt.mapping.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { fromDbIntent } from '../mapping/intent.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { lockIntents } from '../statements/lock-intents.js';
import { selectAllocationsOfIntents } from '../statements/select-allocations.js';
import { selectAttemptsOfIntents } from '../statements/select-attempts.js';
import { selectOpenDiscrepancies } from '../statements/select-open-discrepancies.js';

/**
 * Intents with all that their status follows from, locked in (book, id) order. What hangs on them is read by later
 * statements, so it is as new as the locks. Four statements, however many intents.
 */
export async function lockIntentRecords(
  session: Session,
  networks: NetworkIds,
  keys: readonly IntentKey[],
): Promise<IntentRecord[]> {
  if (keys.length === 0) return [];
  const rows = await lockIntents(session, keys);
  if (rows.length === 0) return [];
  const found = rows.map((row) => ({ bookId: row.book_id, intentId: row.intent_id }));
  const attempts = grouped(await selectAttemptsOfIntents(session, found));
  const allocations = grouped(await selectAllocationsOfIntents(session, found));
  const discrepancies = grouped(await selectOpenDiscrepancies(session, found));
  return rows.map((row) => {
    const parts = {
      attempts: of(attempts, row).map((attempt) => fromDbAttempt(attempt, networks)),
      allocations: of(allocations, row).map(fromDbAllocation),
      openDiscrepancies: of(discrepancies, row).map(({ kind }) => fromDbWord(discrepancyKinds, kind)),
    };
    return fromDbIntent(row, parts, networks);
  });
}

type OfIntent = { readonly book_id: number; readonly intent_id: string | null };

function grouped<Row extends OfIntent>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function of<Row>(groups: ReadonlyMap<string, readonly Row[]>, key: OfIntent): readonly Row[] {
  return groups.get(keyOf(key)) ?? [];
}

function keyOf({ book_id, intent_id }: OfIntent): string {
  return `${book_id} ${intent_id}`;
}
