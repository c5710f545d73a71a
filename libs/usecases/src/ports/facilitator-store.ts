import type { FacilitatorAuth, FacilitatorKind } from '@tollbook/domain';
import type { AuditContext } from './audit.js';

/** One who settles for a book, without what it is shown to know us. */
export type FacilitatorRecord = {
  readonly facilitatorId: string;
  readonly kind: FacilitatorKind;
  readonly name: string;
  /** Null for the built-in one. */
  readonly url: string | null;
  readonly auth: FacilitatorAuth;
  readonly position: number;
  readonly verifiesFirst: boolean;
  readonly trustsRefusals: boolean;
  readonly allowsPlainHttp: boolean;
  readonly isEnabled: boolean;
  readonly createdAtMs: number;
};

export type FacilitatorDraft = Omit<FacilitatorRecord, 'facilitatorId' | 'isEnabled' | 'createdAtMs'> & {
  readonly credentialsSealed: Uint8Array | null;
};

export type FacilitatorChanges = {
  readonly name?: string | undefined;
  readonly credentialsSealed?: Uint8Array | undefined;
  readonly position?: number | undefined;
  readonly verifiesFirst?: boolean | undefined;
  readonly trustsRefusals?: boolean | undefined;
  readonly isEnabled?: boolean | undefined;
};

/** Names a facilitator, and says who changes it and why. */
export type FacilitatorChange = {
  readonly bookId: number;
  readonly facilitatorId: string;
  readonly reason: string;
  readonly by: AuditContext;
};

/** How the payments of some days went that were sent to one facilitator, as the chain has judged them so far. */
export type Scorecard = {
  /** Null for the built-in one, which is one for all books and settles also where no list names it. */
  readonly facilitatorId: string | null;
  readonly sent: number;
  readonly confirmed: number;
  readonly latencyMsP50: number | null;
  readonly latencyMsP95: number | null;
  readonly everUnknown: number;
  readonly unknownNow: number;
  readonly saidDoneNeverSeen: number;
  readonly saidNoButCame: number;
  /** Named another transaction than the one that the chain shows. */
  readonly saidOtherHash: number;
  /** When it last took a payment that the chain then showed; null where none. */
  readonly lastSettledAtMs: number | null;
};

/** Facilitators of a book. Every change stands in the audit log; null where there is no such facilitator. */
export interface FacilitatorStore {
  /** In the order in which they are asked. */
  list(bookId: number): Promise<readonly FacilitatorRecord[]>;
  one(bookId: number, facilitatorId: string): Promise<FacilitatorRecord | null>;
  /** Added before under this id, it stays as it is. Null where the book has the built-in one already. */
  add(change: FacilitatorChange, draft: FacilitatorDraft): Promise<FacilitatorRecord | null>;
  change(change: FacilitatorChange, changes: FacilitatorChanges): Promise<FacilitatorRecord | null>;
  /** Nothing new is sent to it; what was sent may still be sent again. */
  remove(change: FacilitatorChange): Promise<FacilitatorRecord | null>;
  /** Of the payments of the book that were sent in the last `days`; nothing for one that was sent none. */
  scorecards(bookId: number, days: number): Promise<readonly Scorecard[]>;
}
