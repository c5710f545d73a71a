import { type DiscrepancyKind, failureReasons, intentSources, intentStatuses } from '@tollbook/domain';
import type { AllocationRecord, AttemptRecord, IntentRecord } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import {
  fromDbBytes,
  fromDbBytesOrNull,
  fromDbHexOrNull,
  fromDbJson,
  fromDbTime,
  fromDbWord,
  fromDbWordOrNull,
  required,
} from './column.mapping.js';

/** A row as `intentColumns` selects it. */
export type IntentRow = {
  readonly book_id: number;
  readonly intent_id: string;
  readonly invoice_id: Uint8Array;
  readonly source: string;
  readonly terms_number: bigint | null;
  readonly endpoint_id: string | null;
  readonly price_version_id: string | null;
  readonly network_id: number | null;
  readonly asset_id: number | null;
  readonly wallet_id: string | null;
  readonly amount_atomic: string;
  readonly fingerprint: Uint8Array | null;
  readonly order_id: string | null;
  readonly metadata: unknown;
  readonly expires_at: Date;
  readonly created_at: Date;
  readonly status: string;
  readonly sequence: number;
  readonly payer: Uint8Array | null;
  readonly failure_reason: string | null;
  readonly amount_refunded_atomic: string;
  readonly invoice_year: number | null;
  readonly invoice_no: number | null;
  readonly confirmed_at: Date | null;
  readonly final_at: Date | null;
  readonly reserved_atomic: string | null;
};

/** What an intent's status follows from, each list in its own order. */
export type IntentParts = {
  readonly attempts: readonly AttemptRecord[];
  readonly allocations: readonly AllocationRecord[];
  readonly openDiscrepancies: readonly DiscrepancyKind[];
};

/** An intent as use cases see it; throws where no network has been chosen yet. */
export function fromDbIntent(row: IntentRow, parts: IntentParts, networks: NetworkIds): IntentRecord {
  return {
    bookId: row.book_id,
    intentId: row.intent_id,
    invoiceId: fromDbBytes(row.invoice_id),
    source: fromDbWord(intentSources, row.source),
    termsNumber: row.terms_number,
    endpointId: row.endpoint_id,
    priceVersionId: row.price_version_id,
    network: networks.nameOf(required(row.network_id, 'payment_intents.network_id')),
    assetId: required(row.asset_id, 'payment_intents.asset_id'),
    walletId: required(row.wallet_id, 'payment_intents.wallet_id'),
    amountAtomic: BigInt(row.amount_atomic),
    fingerprint: fromDbBytesOrNull(row.fingerprint),
    orderId: row.order_id,
    metadata: fromDbJson(row.metadata),
    expiresAtMs: row.expires_at.getTime(),
    createdAtMs: row.created_at.getTime(),
    status: fromDbWord(intentStatuses, row.status),
    sequence: row.sequence,
    payer: fromDbHexOrNull(row.payer),
    failureReason: fromDbWordOrNull(failureReasons, row.failure_reason),
    amountRefundedAtomic: BigInt(row.amount_refunded_atomic),
    invoiceYear: row.invoice_year,
    invoiceNo: row.invoice_no,
    confirmedAtMs: fromDbTime(row.confirmed_at),
    finalAtMs: fromDbTime(row.final_at),
    reservedAtomic: row.reserved_atomic === null ? null : BigInt(row.reserved_atomic),
    ...parts,
  };
}
