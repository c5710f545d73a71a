import type { ReportPeriod, RollupOutcome } from '@tollbook/domain';
import type { OfferCountKind } from './offer-count-store.js';

export type RevenueGrouping = { readonly day: boolean; readonly endpoint: boolean; readonly network: boolean };

/** A sum; what it is not grouped by is null. */
export type RevenueRow = {
  readonly day: string | null;
  readonly endpointId: string | null;
  readonly network: string | null;
  readonly assetId: number;
  readonly outcome: 'confirmed' | 'final';
  readonly count: number;
  readonly amountAtomic: bigint;
};

/** Failed attempts of one reason and asset, in a period and in the one before. */
export type FailedRow = {
  readonly reason: string;
  readonly assetId: number;
  readonly count: number;
  readonly previousCount: number;
  readonly amountAtomic: bigint;
};

/** What the gate counted without a row. */
export type OfferCountRow = {
  readonly kind: OfferCountKind;
  readonly reason: string;
  readonly count: number;
  readonly previousCount: number;
};

/** The same of one kind of client. */
export type ClientCountRow = Pick<OfferCountRow, 'kind' | 'reason' | 'count'> & {
  readonly client: string;
  readonly x402Version: 0 | 1 | 2;
};

export type FailureFacts = {
  readonly failed: readonly FailedRow[];
  readonly counted: readonly OfferCountRow[];
};

/** Sums by day over two periods. */
export type DayRow = {
  readonly day: string;
  /** The network, or the endpoint's id; the nil UUID is told as null. */
  readonly key: string | null;
  readonly assetId: number;
  readonly outcome: RollupOutcome;
  readonly count: number;
  readonly amountAtomic: bigint;
};

/** Revenue of the hour that begins so. */
export type HourRow = DayRow & { readonly hourMs: number };

export type OverviewFacts = FailureFacts & {
  readonly days: readonly DayRow[];
  /** Of the period alone, where it is shown by hour; else null. */
  readonly hours: readonly HourRow[] | null;
  readonly payers: { readonly current: number; readonly previous: number };
  /** Attempts that came in the period and are not decided: of those, how many were verified and sent. */
  readonly inFlight: { readonly claimed: number; readonly sent: number };
  /** What waits now, whatever the period. */
  readonly waiting: readonly {
    readonly what: 'unknown' | 'unmatched' | 'paid_not_served';
    readonly assetId: number;
    readonly count: number;
    readonly amountAtomic: bigint;
  }[];
};

/** One payment as an accountant reads it. */
export type PaymentLine = {
  readonly intentId: string;
  readonly invoiceYear: number | null;
  readonly invoiceNo: number | null;
  readonly createdAtMs: number;
  /** The chain's time of the transfer that paid it, and the accounting day it was booked on. */
  readonly paidAtMs: number | null;
  readonly localDay: string | null;
  readonly endpointId: string | null;
  readonly orderId: string | null;
  readonly payer: string | null;
  readonly network: string;
  readonly assetId: number;
  readonly amountAtomic: bigint;
  /** What its transfers paid, whatever was due. */
  readonly paidAtomic: bigint;
  readonly status: string;
  readonly txHash: string | null;
};

/** Reads for reports: one book a call, in at most a few statements, at one moment. */
export interface ReportQueries {
  /** From the sums where the period is made of the book's own days, else from the entries themselves. */
  revenue(bookId: number, period: ReportPeriod, by: RevenueGrouping): Promise<readonly RevenueRow[]>;
  /** Both periods must be made of the book's own days. */
  failures(
    bookId: number,
    period: ReportPeriod,
    previous: ReportPeriod,
    endpointId: string | null,
  ): Promise<FailureFacts>;
  /** What the gate counted by kind of client; kept for ninety days. */
  clients(bookId: number, period: ReportPeriod, endpointId: string | null): Promise<readonly ClientCountRow[]>;
  overview(
    bookId: number,
    period: ReportPeriod,
    previous: ReportPeriod,
    by: 'network' | 'endpoint',
  ): Promise<OverviewFacts>;
  /** How many paid in a period that begins with a day of the book, and may end within one. */
  payers(bookId: number, period: ReportPeriod): Promise<number>;
  /** Method and path of every endpoint there ever was. */
  endpointNames(bookId: number): Promise<ReadonlyMap<string, string>>;
  /** Payments that were made in a period, oldest first; `after` is the id of the last line of the page before. */
  paymentLines(
    bookId: number,
    period: ReportPeriod,
    after: string | null,
    limit: number,
  ): Promise<readonly PaymentLine[]>;
}
