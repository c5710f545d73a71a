import type { Mode } from '@tollbook/domain';
import type { BookRow } from '../mapping/book.mapping.js';
import type { Session } from '../session.js';
import { bookColumns } from './book-columns.js';

const insertMerchantRow = {
  name: 'insert_merchant',
  text: `insert into merchants (merchant_id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing`,
};

const merchantBySlug = {
  name: 'select_merchant_by_slug',
  text: `select m.merchant_id from merchants m where m.slug = $1`,
};

const insertBookRow = {
  name: 'insert_book',
  text: `with added as (
      insert into books (merchant_id, mode, gate_slug, time_zone) values ($1, $2, $3, $4)
      on conflict do nothing
      returning book_id, config_version
    )
    select pg_notify('tollbook_config', book_id || ':' || config_version) from added`,
};

const bookByMerchant = {
  name: 'select_book_by_merchant',
  text: `select ${bookColumns('b')} from books b where b.merchant_id = $1 and b.mode = $2`,
};

const bookBySlug = {
  name: 'select_book_by_slug',
  text: `select ${bookColumns('b')}
    from merchants m
    join books b on b.merchant_id = m.merchant_id
    where m.slug = $1 and b.mode = $2`,
};

/** Adds a merchant unless its slug is taken. */
export async function insertMerchant(
  session: Session,
  merchant: { readonly merchantId: string; readonly slug: string; readonly name: string },
): Promise<void> {
  await session.run(insertMerchantRow, [merchant.merchantId, merchant.slug, merchant.name]);
}

/** The id of the merchant with a slug, or null. */
export async function selectMerchantBySlug(session: Session, slug: string): Promise<string | null> {
  const { rows } = await session.run<{ merchant_id: string }>(merchantBySlug, [slug]);
  return rows[0]?.merchant_id ?? null;
}

/** Adds the merchant's book of a mode, and tells it, unless there is one or its gate slug is taken. */
export async function insertBook(
  session: Session,
  book: { readonly merchantId: string; readonly mode: Mode; readonly gateSlug: string; readonly timeZone: string },
): Promise<void> {
  await session.run(insertBookRow, [book.merchantId, book.mode, book.gateSlug, book.timeZone]);
}

/** The merchant's book of a mode, or null. */
export async function selectBookByMerchant(session: Session, merchantId: string, mode: Mode): Promise<BookRow | null> {
  return (await session.run<BookRow>(bookByMerchant, [merchantId, mode])).rows[0] ?? null;
}

/** The book of a mode of the merchant with a slug, or null. */
export async function selectBookBySlug(session: Session, slug: string, mode: Mode): Promise<BookRow | null> {
  return (await session.run<BookRow>(bookBySlug, [slug, mode])).rows[0] ?? null;
}
