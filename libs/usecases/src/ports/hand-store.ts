import type { DiscrepancyKind, HandMatchInput } from '@tollbook/domain';
import type { AuditContext } from './audit.js';
import type { CaseAssignee, DiscrepancyRecord } from './payment-queries.js';

export type LinkOrder = {
  readonly handLinkId: string;
  readonly intentId: string;
  readonly isDone: boolean;
  readonly refusal: string | null;
};

/** Decides, from what stands in the database, whether a thing may be done: null, or why not. */
export type Judge<Facts> = (facts: Facts) => string | null;

export type LinkFacts = {
  readonly kind: DiscrepancyKind;
  readonly isOpen: boolean;
  /** Null where the book has no such payment. */
  readonly match: HandMatchInput | null;
};

/** What a person changes about a discrepancy that is open; what is left out stays. */
export type CaseChange = { readonly note?: string | null; readonly assigneeId?: string | null };

export type CaseFacts = {
  readonly isOpen: boolean;
  /** Whether whoever it is given to belongs to the merchant; true where it is given to nobody. */
  readonly isAssigneeMember: boolean;
};

export type ClosableFacts = {
  readonly kind: DiscrepancyKind;
  readonly isOpen: boolean;
  /** How it was closed, and in what words; null while it is open. */
  readonly resolution: string | null;
  readonly note: string | null;
};

/**
 * What people do about discrepancies. Each call is one dbTx of one book, with its row in the audit log and, where the
 * discrepancy is another one afterwards, its event.
 */
export interface HandStore {
  /** Closes a discrepancy as a person says; null where there is none, else what the judge said. */
  close(
    bookId: number,
    discrepancyId: string,
    closing: { readonly resolution: string; readonly note: string },
    judge: Judge<ClosableFacts>,
    by: AuditContext,
  ): Promise<{ readonly refusal: string | null } | null>;
  /** Changes note and assignee. Null where there is no such discrepancy; what is as wanted already is not told again. */
  change(
    bookId: number,
    discrepancyId: string,
    change: CaseChange,
    judge: Judge<CaseFacts>,
    by: AuditContext,
  ): Promise<{ readonly refusal: string } | { readonly discrepancy: DiscrepancyRecord } | null>;
  /** Whom a discrepancy of the book may be given to, by name. */
  assignees(bookId: number): Promise<readonly CaseAssignee[]>;
  /** Orders that money be given to a payment; an order that waits already is answered as it stands. */
  orderLink(
    bookId: number,
    discrepancyId: string,
    link: { readonly intentId: string; readonly reason: string },
    judge: Judge<LinkFacts>,
    by: AuditContext,
  ): Promise<{ readonly refusal: string } | { readonly order: LinkOrder } | null>;
  linkOrder(bookId: number, handLinkId: string): Promise<LinkOrder | null>;
}
