import type { RateLimits, RateOverride, RateSide } from '@tollbook/domain';
import type { RateCountDraft } from '../rate-tally.js';
import type { AuditContext } from './audit.js';

/** An endpoint as far as its limits go. */
export type LimitedEndpoint = {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
  readonly limits: RateLimits;
};

export type RateOverrideRecord = RateOverride & {
  readonly overrideId: string;
  readonly reason: string;
  readonly createdAtMs: number;
};

/** What one side of an endpoint let through and held back. */
export type RateHour = {
  readonly endpointId: string;
  readonly side: RateSide;
  readonly startsAtMs: number;
  readonly allowed: number;
  readonly throttled: number;
};

/** The same since an hour ago. */
export type RateLastHour = Omit<RateHour, 'startsAtMs'>;

export type RateSubject = {
  readonly endpointId: string;
  readonly side: RateSide;
  readonly subject: string;
  readonly throttledLastHour: number;
  readonly throttledLastDay: number;
  readonly lastSeenAtMs: number;
  /** Of the fullest window that runs now; 0 and null where none does. */
  readonly used: number;
  readonly resetsAtMs: number | null;
};

export type RateCountsOfDay = {
  readonly hours: readonly RateHour[];
  readonly lastHour: readonly RateLastHour[];
  /** Of each side those that were held back most, and those that stand nearest to their limit. */
  readonly subjects: readonly RateSubject[];
};

/** Limits as they are configured, and what came of them. Throws `StoreUnavailable` when the database is away. */
export interface RateLimitStore {
  /** Adds what a process counted. The commit is not waited for. */
  saveCounts(bookId: number, drafts: readonly RateCountDraft[]): Promise<void>;
  /** Deletes counts of a book that are too old to be told. */
  forgetCounts(bookId: number): Promise<void>;
  countsOfDay(bookId: number, endpointIds: readonly string[]): Promise<RateCountsOfDay>;
  /** Endpoints that are not archived, newest first. */
  endpoints(bookId: number, after: string | null, limit: number): Promise<readonly LimitedEndpoint[]>;
  endpoint(bookId: number, endpointId: string): Promise<LimitedEndpoint | null>;
  /**
   * Changes the limits of an endpoint, told to every gate within a second; null where there is no such endpoint.
   * `change` makes the new limits out of those that hold.
   */
  changeLimits(
    at: { readonly bookId: number; readonly endpointId: string },
    change: (limits: RateLimits) => RateLimits,
    reason: string,
    by: AuditContext,
  ): Promise<LimitedEndpoint | null>;
  /** Exceptions that have not expired, newest first. */
  overrides(bookId: number, after: string | null, limit: number): Promise<readonly RateOverrideRecord[]>;
  /** Sets an exception; one of the same subject and endpoint is replaced. Null where there is no such endpoint. */
  setOverride(
    bookId: number,
    override: RateOverride & { readonly reason: string },
    by: AuditContext,
  ): Promise<RateOverrideRecord | null>;
  /** Whether there was such an exception. */
  removeOverride(
    which: { readonly bookId: number; readonly overrideId: string; readonly reason: string },
    by: AuditContext,
  ): Promise<boolean>;
}
