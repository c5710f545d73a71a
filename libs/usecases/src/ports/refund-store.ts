import type { RefundStatus } from '@tollbook/domain';
import type { AuditContext, AuditDraft } from './audit.js';
import type { PaymentTx } from './payment-tx.js';
import type { IntentKey, RefundRecord } from './records.js';

/** Null lets everything pass. */
export type RefundFilter = { readonly status: RefundStatus | null; readonly intentId: string | null };

/** One dbTx over the refunds of one book. Callers lock the payment first: whoever books a refund does the same. */
export interface RefundTx extends PaymentTx {
  refund(refundId: string): Promise<RefundRecord | null>;
  refundsOf(keys: readonly IntentKey[]): Promise<readonly RefundRecord[]>;
  /** The last block that was read of a network; null before the first. */
  headNumber(network: string): Promise<bigint | null>;
  /** Whether an address is a wallet of the book. */
  isOwnWallet(network: string, address: string): Promise<boolean>;
  insertRefund(refund: RefundRecord): Promise<void>;
  saveRefunds(refunds: readonly RefundRecord[]): Promise<void>;
  /** Written last, in the name of whoever asked. */
  audit(drafts: readonly AuditDraft[]): void;
}

/** Refunds as merchants announce them. Throws `StoreUnavailable` when the database is away. */
export interface RefundStore {
  inBook<T>(bookId: number, by: AuditContext, work: (tx: RefundTx) => Promise<T>): Promise<T>;
  refund(bookId: number, refundId: string): Promise<RefundRecord | null>;
  /** Newest first; `after` is the last id of the page before. */
  list(bookId: number, filter: RefundFilter, after: string | null, limit: number): Promise<readonly RefundRecord[]>;
}
