import type { AccountKind } from '@tollbook/domain';
import type { Session } from '../session.js';

/** An account of a book, by its code. */
export type WantedAccount = {
  readonly bookId: number;
  readonly code: string;
  readonly kind: AccountKind;
  readonly endpointId: string | null;
  readonly walletId: string | null;
};

/** The number that postings name an account by. */
export type AccountIdRow = { readonly book_id: number; readonly code: string; readonly account_id: number };

const select = {
  name: 'select_ledger_accounts',
  text: `select a.book_id, a.code, a.account_id
    from unnest($1::integer[], $2::text[]) as u (book_id, code)
    join ledger_accounts a on a.book_id = u.book_id and a.code = u.code`,
};

const insert = {
  name: 'insert_ledger_accounts',
  text: `insert into ledger_accounts (book_id, code, kind, endpoint_id, wallet_id)
    select * from unnest($1::integer[], $2::text[], $3::text[], $4::uuid[], $5::uuid[])
      as u (book_id, code, kind, endpoint_id, wallet_id)
    order by u.book_id, u.code
    on conflict (book_id, code) do nothing`,
};

/** The numbers of accounts that exist. */
export async function selectAccounts(session: Session, wanted: readonly WantedAccount[]): Promise<AccountIdRow[]> {
  const values = [wanted.map((each) => each.bookId), wanted.map((each) => each.code)];
  return (await session.run<AccountIdRow>(select, values)).rows;
}

/** Makes accounts that another process may be making too. */
export async function insertAccounts(session: Session, wanted: readonly WantedAccount[]): Promise<void> {
  await session.run(insert, [
    wanted.map((each) => each.bookId),
    wanted.map((each) => each.code),
    wanted.map((each) => each.kind),
    wanted.map((each) => each.endpointId),
    wanted.map((each) => each.walletId),
  ]);
}
