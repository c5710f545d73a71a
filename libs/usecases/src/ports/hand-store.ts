import type { DiscrepancyKind, HandMatchInput } from '@tollbook/domain';
import type { AuditContext } from './audit.js';

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

/** What people do about discrepancies. Each call is one dbTx of one book, with its row in the audit log. */
export interface HandStore {
  /** Closes a discrepancy as a person says; null where there is none, else what the judge said. */
  close(
    bookId: number,
    discrepancyId: string,
    closing: { readonly resolution: string; readonly note: string },
    judge: Judge<{ readonly kind: DiscrepancyKind; readonly isOpen: boolean }>,
    by: AuditContext,
  ): Promise<{ readonly refusal: string | null } | null>;
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
