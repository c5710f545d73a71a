import type { BookRow } from '../mapping/book.mapping.js';
import type { Session } from '../session.js';
import { bookColumns } from './book-columns.js';

const books = {
  name: 'select_member_books',
  text: `select m.role, t.slug, t.name, ${bookColumns('b')}
    from auth.members m
    join merchants t on t.merchant_id = m.merchant_id
    join books b on b.merchant_id = m.merchant_id
    where m.user_id = $1
    order by t.created_at, t.merchant_id, b.mode desc`,
};

const adopt = {
  name: 'own_orphan_merchants',
  text: `insert into auth.members (merchant_id, user_id, role)
    select t.merchant_id, first.id, 'owner'
    from merchants t, (select u.id from auth.users u order by u.created_at, u.id limit 1) first
    where not exists (select from auth.members m where m.merchant_id = t.merchant_id)
    on conflict do nothing`,
};

export type MembershipRow = BookRow & { readonly role: string; readonly slug: string; readonly name: string };

/** Books of the merchants that a person belongs to, oldest merchant first, test before live. */
export async function selectMemberBooks(session: Session, userId: string): Promise<MembershipRow[]> {
  return (await session.run<MembershipRow>(books, [userId])).rows;
}

/** Gives each merchant without members to the first person there is. */
export async function adoptMerchants(session: Session): Promise<void> {
  await session.run(adopt);
}
