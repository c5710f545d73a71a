import { eventTypes, finalityOf, intentStatuses } from '@tollbook/domain';
import type { Catalog, PaymentDetail, PaymentQueries, TimelineEvent } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbAllocation } from '../mapping/allocation.mapping.js';
import { fromDbJson, fromDbWord, fromDbWordOrNull, toDbHexOrNull } from '../mapping/column.mapping.js';
import { fromDbDelivery } from '../mapping/delivery.mapping.js';
import { fromDbDiscrepancy } from '../mapping/discrepancy.mapping.js';
import { fromDbRefund } from '../mapping/refund.mapping.js';
import { fromDbRefusal } from '../mapping/refusal.mapping.js';
import { fromDbStoredEntries } from '../mapping/stored-entry.mapping.js';
import { fromDbTransfer } from '../mapping/transfer.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import { listDiscrepancyRows, readDiscrepancyRow } from '../queries/list-discrepancies.js';
import { listPaymentIntents, readPaymentIntent } from '../queries/list-payments.js';
import { listRefusalRows } from '../queries/list-refusals.js';
import { listTransferRows, readOpenOfTransfers } from '../queries/list-transfers.js';
import { readDeliveriesOfIntent } from '../queries/read-deliveries.js';
import { readEntriesOfIntent } from '../queries/read-entries.js';
import {
  type EventRow,
  readDiscrepanciesOfIntent,
  readEventsOfIntent,
  readTransfersOfIntent,
  type StagedTransferRow,
} from '../queries/read-timeline.js';
import { inTransaction, type Session } from '../session.js';
import { selectRefundsOfIntents } from '../statements/refunds.js';
import { selectAllocationsOfTransfers } from '../statements/select-allocations.js';
import { completeIntents } from './complete-intents.js';

export type PaymentQueryDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Catalog;
};

/**
 * What the merchant API shows of payments. Each call sees one book at one moment and takes the same number of
 * statements whatever it finds. Throws `StoreUnavailable` when the database is away.
 */
export function createPaymentQueries({ pool, catalog }: PaymentQueryDeps): PaymentQueries {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    listPayments: async (bookId, asked, after, limit) => {
      const { status, network, endpointId, payer, flags = [], reason = null, found = null, made = null } = asked;
      const known = network === null ? null : catalog.networks.find((each) => each.network === network);
      // A network that nobody knows was never paid on.
      if (known === undefined) return [];
      const networkId = known?.networkId ?? null;
      const filter = { status, networkId, endpointId, payer: toDbHexOrNull(payer), after, flags, reason, found, made };
      return reading(bookId, async (session) =>
        completeIntents(session, networks, await listPaymentIntents(session, bookId, filter, limit)),
      );
    },
    listTransfers: async (bookId, { isMatched, network, txHash = null, party = null }, after, limit) => {
      const known = network === null ? null : catalog.networks.find((each) => each.network === network);
      if (known === undefined) return [];
      const ids = { networkId: known?.networkId ?? null, txHash: toDbHexOrNull(txHash), party: toDbHexOrNull(party) };
      const filter = { isMatched, ...ids, after };
      return reading(bookId, async (session) => {
        const rows = await listTransferRows(session, bookId, filter, limit);
        const keys = rows.map((row) => ({ bookId, transferId: row.transfer_id }));
        const allocations = (await selectAllocationsOfTransfers(session, keys)).map(fromDbAllocation);
        const open = await readOpenOfTransfers(
          session,
          bookId,
          rows.map((row) => row.transfer_id),
        );
        return rows.map((row) => ({
          ...fromDbTransfer(row, networks),
          stage: stageOf(row),
          allocations: allocations.filter((each) => each.transferId === row.transfer_id),
          discrepancyIds: open.filter((each) => each.subject_id === row.transfer_id).map((each) => each.discrepancy_id),
        }));
      });
    },
    payment: (bookId, intentId) => reading(bookId, (session) => readDetail(session, networks, bookId, intentId)),
    listRefusals: (bookId, filter, after, limit) =>
      reading(bookId, async (session) => {
        const rows = await listRefusalRows(session, bookId, filter, after, limit);
        return rows.map(fromDbRefusal);
      }),
    listDiscrepancies: (bookId, filter, after, limit) =>
      reading(bookId, async (session) => {
        const rows = await listDiscrepancyRows(session, bookId, { ...filter, after }, limit);
        return rows.map(fromDbDiscrepancy);
      }),
    discrepancy: (bookId, discrepancyId) =>
      reading(bookId, async (session) => {
        const row = await readDiscrepancyRow(session, bookId, discrepancyId);
        return row ? fromDbDiscrepancy(row) : null;
      }),
  };
}

async function readDetail(
  session: Session,
  networks: NetworkIds,
  bookId: number,
  intentId: string,
): Promise<PaymentDetail | null> {
  const row = await readPaymentIntent(session, bookId, intentId);
  if (row === null) return null;
  const [intent] = await completeIntents(session, networks, [row]);
  if (intent === undefined) return null;
  const transfers = await readTransfersOfIntent(session, bookId, intentId);
  const entries = await readEntriesOfIntent(session, bookId, intentId);
  const events = await readEventsOfIntent(session, bookId, intentId);
  const discrepancies = await readDiscrepanciesOfIntent(session, bookId, intentId);
  const refunds = await selectRefundsOfIntents(session, [{ bookId, intentId }]);
  const deliveries = await readDeliveriesOfIntent(session, bookId, intentId);
  return {
    intent,
    attempts: intent.attempts,
    transfers: transfers.map((transfer) => ({ ...fromDbTransfer(transfer, networks), stage: stageOf(transfer) })),
    ledgerEntries: fromDbStoredEntries(entries).map(({ entry }) => entry),
    events: events.map(fromDbTimelineEvent),
    discrepancies: discrepancies.map(fromDbDiscrepancy),
    refunds: refunds.map((refund) => fromDbRefund(refund, networks)),
    deliveries: deliveries.map(fromDbDelivery),
  };
}

function stageOf(row: StagedTransferRow): PaymentDetail['transfers'][number]['stage'] {
  if (row.orphaned_at !== null) return 'orphaned';
  const { head_number, confirmed_number, final_number } = row;
  if (head_number === null || confirmed_number === null || final_number === null) return 'seen';
  const marks = { headNumber: head_number, confirmedNumber: confirmed_number, finalNumber: final_number };
  return finalityOf(row.block_number, marks);
}

function fromDbTimelineEvent(row: EventRow): TimelineEvent {
  return {
    eventId: row.event_id,
    type: fromDbWord(eventTypes, row.type),
    sequence: row.sequence,
    fromStatus: fromDbWordOrNull(intentStatuses, row.from_status),
    toStatus: fromDbWordOrNull(intentStatuses, row.to_status),
    evidence: fromDbJson(row.evidence),
    createdAtMs: row.created_at.getTime(),
  };
}
