import { discrepancyKinds } from '@tollbook/domain';
import type { IntentRecord } from '@tollbook/usecases';
import { fromDbAllocation } from '../mapping/allocation.mapping.js';
import { fromDbAttempt } from '../mapping/attempt.mapping.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { fromDbIntent, type IntentRow } from '../mapping/intent.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { selectAllocationsOfIntents } from '../statements/select-allocations.js';
import { selectAttemptsOfIntents } from '../statements/select-attempts.js';
import { selectOpenDiscrepancies } from '../statements/select-open-discrepancies.js';

/** Intents with all that their status follows from, in the order of their rows. Three statements, however many. */
export async function completeIntents(
  session: Session,
  networks: NetworkIds,
  rows: readonly IntentRow[],
): Promise<IntentRecord[]> {
  if (rows.length === 0) return [];
  const keys = rows.map((row) => ({ bookId: row.book_id, intentId: row.intent_id }));
  const attempts = byIntent(await selectAttemptsOfIntents(session, keys));
  const allocations = byIntent(await selectAllocationsOfIntents(session, keys));
  const discrepancies = byIntent(await selectOpenDiscrepancies(session, keys));
  return rows.map((row) => {
    const parts = {
      attempts: attempts(row).map((attempt) => fromDbAttempt(attempt, networks)),
      allocations: allocations(row).map(fromDbAllocation),
      openDiscrepancies: discrepancies(row).map(({ kind }) => fromDbWord(discrepancyKinds, kind)),
    };
    return fromDbIntent(row, parts, networks);
  });
}

type OfIntent = { readonly book_id: number; readonly intent_id: string | null };

function byIntent<Row extends OfIntent>(rows: readonly Row[]): (key: OfIntent) => readonly Row[] {
  const keyOf = ({ book_id, intent_id }: OfIntent) => `${book_id} ${intent_id}`;
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return (key) => groups.get(keyOf(key)) ?? [];
}
