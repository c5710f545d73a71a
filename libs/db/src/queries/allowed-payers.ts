import { assert } from '@tollbook/domain';
import type { Session } from '../session.js';

export type AllowedPayerRow = {
  readonly allowed_payer_id: string;
  readonly endpoint_id: string | null;
  readonly payer: Uint8Array;
  readonly note: string;
  readonly created_at: Date;
};

const columns = 'p.allowed_payer_id, p.endpoint_id, p.payer, p.note, p.created_at';

const list = {
  name: 'list_allowed_payers',
  text: `select ${columns} from allowed_payers p
    where p.book_id = $1 and ($2::uuid is null or p.allowed_payer_id < $2)
    order by p.allowed_payer_id desc
    limit $3`,
};

const ofPayers = {
  name: 'select_allowed_payers',
  text: `select ${columns} from allowed_payers p
    where p.book_id = $1 and p.endpoint_id is not distinct from $2::uuid and p.payer = any($3::bytea[])
    order by p.allowed_payer_id desc`,
};

const insert = {
  name: 'insert_allowed_payers',
  text: `insert into allowed_payers as p (book_id, allowed_payer_id, endpoint_id, payer, note, actor_id)
    select $1, u.id, $2, u.payer, $5, $6 from unnest($3::uuid[], $4::bytea[]) as u (id, payer)
    on conflict do nothing
    returning ${columns}`,
};

const remove = {
  name: 'delete_allowed_payer',
  text: `delete from allowed_payers p where p.book_id = $1 and p.allowed_payer_id = $2 returning ${columns}`,
};

const others = {
  name: 'count_other_allowed_payers',
  text: `select (select count(*)::integer from allowed_payers o
      where o.book_id = p.book_id and o.endpoint_id is not distinct from p.endpoint_id
        and o.allowed_payer_id <> p.allowed_payer_id) as count
    from allowed_payers p where p.book_id = $1 and p.allowed_payer_id = $2`,
};

const gate = {
  name: 'read_gate_allowed_payers',
  text: 'select p.endpoint_id, p.payer from allowed_payers p where p.book_id = $1',
};

/** A page of a book's lists, newest first. */
export async function listAllowedPayers(
  session: Session,
  bookId: number,
  after: string | null,
  limit: number,
): Promise<AllowedPayerRow[]> {
  return (await session.run<AllowedPayerRow>(list, [bookId, after, limit])).rows;
}

/** Puts payers on a list and gives back those that were not there. */
export async function insertAllowedPayers(
  session: Session,
  bookId: number,
  added: {
    readonly endpointId: string | null;
    readonly ids: readonly string[];
    readonly payers: readonly Uint8Array[];
    readonly note: string;
    readonly actorId: string;
  },
): Promise<AllowedPayerRow[]> {
  const { endpointId, ids, payers, note, actorId } = added;
  return (await session.run<AllowedPayerRow>(insert, [bookId, endpointId, ids, payers, note, actorId])).rows;
}

/** Those of the payers that are on a list. */
export async function selectAllowedPayers(
  session: Session,
  bookId: number,
  endpointId: string | null,
  payers: readonly Uint8Array[],
): Promise<AllowedPayerRow[]> {
  return (await session.run<AllowedPayerRow>(ofPayers, [bookId, endpointId, payers])).rows;
}

/** How many stand on the same list beside this one; null where this one does not. */
export async function countOtherAllowedPayers(session: Session, bookId: number, id: string): Promise<number | null> {
  return (await session.run<{ count: number }>(others, [bookId, id])).rows[0]?.count ?? null;
}

/** Takes a payer, who must be there, off its list and gives the row back. */
export async function deleteAllowedPayer(session: Session, bookId: number, id: string): Promise<AllowedPayerRow> {
  const [row] = (await session.run<AllowedPayerRow>(remove, [bookId, id])).rows;
  assert(row !== undefined, 'whoever is taken off a list was on it');
  return row;
}

/** Every list of a book, as the gate follows them. */
export async function readGateAllowedPayers(
  session: Session,
  bookId: number,
): Promise<Pick<AllowedPayerRow, 'endpoint_id' | 'payer'>[]> {
  return (await session.run<Pick<AllowedPayerRow, 'endpoint_id' | 'payer'>>(gate, [bookId])).rows;
}
