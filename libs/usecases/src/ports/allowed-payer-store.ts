import type { AllowedPayer } from '@tollbook/domain';
import type { AuditContext } from './audit.js';

export type AllowedPayerRecord = AllowedPayer & {
  readonly allowedPayerId: string;
  readonly note: string;
  readonly createdAtMs: number;
};

/** The lists of payers who may pay. Throws `StoreUnavailable` when the database is away. */
export interface AllowedPayerStore {
  /** A page, newest first. */
  list(bookId: number, after: string | null, limit: number): Promise<readonly AllowedPayerRecord[]>;
  /** Puts payers on one list, together; who is there already stays as they are. Null where there is no such endpoint. */
  add(
    bookId: number,
    added: { readonly endpointId: string | null; readonly payers: readonly string[]; readonly note: string },
    by: AuditContext,
  ): Promise<readonly AllowedPayerRecord[] | null>;
  /** Takes a payer off. The last of a list stays unless `opens`: without it everybody could pay. */
  remove(
    which: {
      readonly bookId: number;
      readonly allowedPayerId: string;
      readonly opens: boolean;
      readonly reason: string;
    },
    by: AuditContext,
  ): Promise<'removed' | 'not_found' | 'last'>;
}
