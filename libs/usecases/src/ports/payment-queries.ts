import type {
  ComparedLine,
  DiscrepancyKind,
  EntryForHash,
  EventType,
  FinalityStage,
  IntentStatus,
  SearchKey,
} from '@tollbook/domain';
import type { DeliveryRecord } from './delivery-queries.js';
import type { AllocationRecord, AttemptRecord, IntentRecord, RefundRecord, TransferRecord } from './records.js';

/** Null, and for lists nothing at all, lets everything pass. */
export type PaymentFilter = {
  readonly status: readonly IntentStatus[];
  readonly network: string | null;
  readonly endpointId: string | null;
  readonly payer: string | null;
  /** Only payments with an open discrepancy of one of these kinds. */
  readonly flags?: readonly DiscrepancyKind[];
  /** Why they failed, or why the last try at an open one came to nothing: `failureToTell`. */
  readonly reason?: string | null;
  readonly found?: SearchKey | null;
  /** When they were made: from the first moment on, and before the second. */
  readonly made?: { readonly fromMs: number; readonly toMs: number } | null;
};

export type TransferFilter = {
  readonly isMatched: boolean | null;
  readonly network: string | null;
  readonly txHash?: string | null;
  /** Who sent or got it. */
  readonly party?: string | null;
};

export type RefusalFilter = {
  readonly payer: string | null;
  readonly intentId: string | null;
  readonly endpointId: string | null;
  readonly reason: string | null;
  readonly client: string | null;
  /** From the first moment on, and before the second. */
  readonly made: { readonly fromMs: number; readonly toMs: number } | null;
};

/** One payment that was refused before it became a claim. */
export type RefusalRecord = {
  readonly refusalId: string;
  readonly endpointId: string;
  readonly reason: string;
  readonly client: string;
  readonly x402Version: 0 | 1 | 2;
  readonly payer: string | null;
  readonly intentId: string | null;
  /** Empty where the payment could not be read. */
  readonly compared: readonly ComparedLine[];
  readonly detail: string | null;
  readonly agent: string | null;
  readonly atMs: number;
};

/** A transfer with where its money stands. */
export type ListedTransfer = TransferRecord & {
  readonly stage: FinalityStage | 'orphaned';
  readonly allocations: readonly AllocationRecord[];
  /** Open ones about it. */
  readonly discrepancyIds: readonly string[];
};

export type DiscrepancyRecord = {
  readonly discrepancyId: string;
  readonly kind: DiscrepancyKind;
  readonly subjectId: string;
  readonly intentId: string | null;
  readonly transferId: string | null;
  readonly assetId: number | null;
  readonly amountAtomic: bigint;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  readonly resolution: string | null;
  /** What whoever works on it wrote last; once it is closed, how it ended. */
  readonly note: string | null;
  readonly assignee: CaseAssignee | null;
};

/** A person who works on a discrepancy. */
export type CaseAssignee = { readonly userId: string; readonly name: string };

/** Null lets everything pass; an assignee of null is nobody. */
export type DiscrepancyFilter = {
  readonly isOpen: boolean | null;
  readonly kind: DiscrepancyKind | null;
  readonly assignee?: { readonly userId: string | null } | null;
};

export type TimelineEvent = {
  readonly eventId: string;
  readonly type: EventType;
  readonly sequence: number;
  readonly fromStatus: IntentStatus | null;
  readonly toStatus: IntentStatus | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  readonly createdAtMs: number;
};

export type PaymentDetail = {
  readonly intent: IntentRecord;
  readonly attempts: readonly AttemptRecord[];
  readonly transfers: readonly (TransferRecord & { readonly stage: FinalityStage | 'orphaned' })[];
  readonly ledgerEntries: readonly EntryForHash[];
  readonly events: readonly TimelineEvent[];
  readonly discrepancies: readonly DiscrepancyRecord[];
  /** Oldest first. */
  readonly refunds: readonly RefundRecord[];
  /** Who was told of its events, in their order. */
  readonly deliveries: readonly DeliveryRecord[];
};

/** Reads for the merchant API, one book a call, newest first, by keyset. */
export interface PaymentQueries {
  /** Intents that somebody tried to pay. `after` is the last id of the page before. */
  listPayments(
    bookId: number,
    filter: PaymentFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly IntentRecord[]>;
  payment(bookId: number, intentId: string): Promise<PaymentDetail | null>;
  listTransfers(
    bookId: number,
    filter: TransferFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly ListedTransfer[]>;
  /** Of the samples that are kept of refused payments. */
  listRefusals(
    bookId: number,
    filter: RefusalFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly RefusalRecord[]>;
  listDiscrepancies(
    bookId: number,
    filter: DiscrepancyFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly DiscrepancyRecord[]>;
  discrepancy(bookId: number, discrepancyId: string): Promise<DiscrepancyRecord | null>;
}
