import { type MemberStore, memberRoles } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBook } from '../mapping/book.mapping.js';
import { fromDbWord } from '../mapping/column.mapping.js';
import { adoptMerchants, selectMemberBooks } from '../queries/members.js';
import { withSession } from '../session.js';

/** Who belongs where; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createMemberStore(pool: Pool): MemberStore {
  return {
    booksOf: (userId) =>
      withSession(pool, async (session) => {
        const rows = await selectMemberBooks(session, userId);
        return rows.map((row) => ({
          role: fromDbWord(memberRoles, row.role),
          merchantSlug: row.slug,
          merchantName: row.name,
          book: fromDbBook(row),
        }));
      }),
    ownOrphans: () => withSession(pool, (session) => adoptMerchants(session)),
  };
}
