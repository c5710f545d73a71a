import type { BookRow } from '../mapping/book.mapping.js';
import type { Session } from '../session.js';
import { bookColumns } from './book-columns.js';

/** One row a book; one row without a book where there is none yet, so that the clock is always told. */
export type ConfigVersionRow = { readonly now: Date } & (BookRow | { readonly [Column in keyof BookRow]: null });

const statement = {
  name: 'read_config_versions',
  text: `select clock.now, ${bookColumns('b')}
    from (select now() as now) clock
    left join books b on true
    order by b.book_id`,
};

/** Every book with its configuration version, and the database's clock. */
export async function readConfigVersions(session: Session): Promise<ConfigVersionRow[]> {
  return (await session.run<ConfigVersionRow>(statement)).rows;
}
