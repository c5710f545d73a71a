import { discrepancyKinds } from '@tollbook/domain';
import type { DiscrepancyRecord } from '@tollbook/usecases';
import { fromDbTime, fromDbWord } from './column.mapping.js';

/** A row of discrepancies with the asset of the transfer, or else of the intent, that it is about. */
export type DiscrepancyRow = {
  readonly discrepancy_id: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly intent_id: string | null;
  readonly transfer_id: string | null;
  readonly asset_id: number | null;
  readonly amount_atomic: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly assignee_id: string | null;
  readonly assignee_name: string | null;
};

/** A discrepancy as the merchant API reads it; one about no amount says zero. */
export function fromDbDiscrepancy(row: DiscrepancyRow): DiscrepancyRecord {
  return {
    discrepancyId: row.discrepancy_id,
    kind: fromDbWord(discrepancyKinds, row.kind),
    subjectId: row.subject_id,
    intentId: row.intent_id,
    transferId: row.transfer_id,
    assetId: row.asset_id,
    amountAtomic: BigInt(row.amount_atomic ?? '0'),
    openedAtMs: row.created_at.getTime(),
    closedAtMs: fromDbTime(row.closed_at),
    resolution: row.resolution,
    note: row.note,
    // A person whose account is gone is still named by the id.
    assignee: row.assignee_id === null ? null : { userId: row.assignee_id, name: row.assignee_name ?? row.assignee_id },
  };
}
