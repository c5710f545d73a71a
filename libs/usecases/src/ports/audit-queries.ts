import type { AuditEntryForHash, Mode } from '@tollbook/domain';

/** Null lets everything pass. Times are unix milliseconds, `to` not included. */
export type AuditFilter = {
  readonly actorId: string | null;
  /** A whole action, or its first words. */
  readonly action: string | null;
  readonly targetId: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
};

export type AuditLogRecord = AuditEntryForHash & {
  /** Whether its hash follows from its text and from the entry before it. */
  readonly isChained: boolean;
};

/** The audit log, as the merchant API shows it. */
export interface AuditQueries {
  /** A page of what concerns a merchant's book of one mode, newest first; `after` is a place in the log. */
  list(
    merchant: { readonly merchantId: string; readonly mode: Mode },
    filter: AuditFilter,
    after: bigint | null,
    limit: number,
  ): Promise<readonly AuditLogRecord[]>;
}
