import type { BookRecord } from './records.js';

/** Roles that a person may have with a merchant; what each may do stands in the api. */
export const memberRoles = ['owner'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** One book that a person may open, and as what. */
export type Membership = {
  readonly role: MemberRole;
  readonly merchantSlug: string;
  readonly merchantName: string;
  readonly book: BookRecord;
};

/** Who belongs to which merchant. */
export interface MemberStore {
  /** Every book of every merchant that the person belongs to; by merchant, test before live. */
  booksOf(userId: string): Promise<readonly Membership[]>;
  /** Makes the person who was added first the owner of each merchant that nobody belongs to. */
  ownOrphans(): Promise<void>;
}
