import type { Session } from '../session.js';

/** The first of the numbers drawn for one book and year. */
export type DrawnNumbersRow = { readonly book_id: number; readonly invoice_year: number; readonly first_no: number };

const statement = {
  name: 'draw_invoice_numbers',
  text: `with wanted as (
      select u.book_id, u.invoice_year, sum(u.count)::integer as count
      from unnest($1::integer[], $2::smallint[], $3::integer[]) as u (book_id, invoice_year, count)
      group by u.book_id, u.invoice_year
    ), drawn as (
      insert into invoice_counters as c (book_id, invoice_year, last_no)
      select w.book_id, w.invoice_year, w.count from wanted w order by w.book_id, w.invoice_year
      on conflict (book_id, invoice_year) do update set last_no = c.last_no + excluded.last_no
      returning c.book_id, c.invoice_year, c.last_no
    )
    select d.book_id, d.invoice_year, d.last_no - w.count + 1 as first_no
    from drawn d join wanted w on w.book_id = d.book_id and w.invoice_year = d.invoice_year`,
};

/** Draws gap-free numbers: a rollback gives them back. */
export async function drawInvoiceNumbers(
  session: Session,
  wanted: readonly { readonly bookId: number; readonly year: number; readonly count: number }[],
): Promise<DrawnNumbersRow[]> {
  const { rows } = await session.run<DrawnNumbersRow>(statement, [
    wanted.map((each) => each.bookId),
    wanted.map((each) => each.year),
    wanted.map((each) => each.count),
  ]);
  return rows;
}
