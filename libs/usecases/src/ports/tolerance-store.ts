import type { AuditContext } from './audit.js';

/** How small a difference in an asset opens nothing. */
export type ToleranceRecord = { readonly assetId: number; readonly amountAtomic: bigint };

/** What a book does not want to be asked about. Throws `StoreUnavailable` when the database is away. */
export interface ToleranceStore {
  /** Those that were set. */
  list(bookId: number): Promise<readonly ToleranceRecord[]>;
  /** Sets one, with its row in the audit log under the asset's name; the same again changes nothing. */
  set(
    bookId: number,
    tolerance: ToleranceRecord & { readonly reason: string },
    name: string,
    by: AuditContext,
  ): Promise<void>;
}
