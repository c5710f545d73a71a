import type { AttemptKey } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type GasReplacementRow = {
  readonly book_id: number;
  readonly attempt_id: string;
  readonly number: number;
  readonly tx_hash: Uint8Array;
  readonly signed_tx: Uint8Array;
  readonly created_at: Date;
};

const select = {
  name: 'gas_replacements',
  text: `select g.book_id, g.attempt_id, g.number, g.tx_hash, g.signed_tx, g.created_at
    from unnest($1::integer[], $2::uuid[]) as u (book_id, attempt_id)
    join gas_replacements g on g.book_id = u.book_id and g.attempt_id = u.attempt_id
    order by g.book_id, g.attempt_id, g.number`,
};

const insert = {
  name: 'add_gas_replacement',
  text: `insert into gas_replacements (book_id, attempt_id, number, tx_hash, signed_tx)
    values ($1, $2, $3, $4, $5) on conflict do nothing`,
};

/** What took the place of these attempts' own transactions, in order. */
export async function selectGasReplacements(
  session: Session,
  keys: readonly AttemptKey[],
): Promise<GasReplacementRow[]> {
  const values = [keys.map(({ bookId }) => bookId), keys.map(({ attemptId }) => attemptId)];
  return (await session.run<GasReplacementRow>(select, values)).rows;
}

/** False where another process was first: its bytes are the ones that are sent. */
export async function insertGasReplacement(
  session: Session,
  row: AttemptKey & { readonly number: number; readonly txHash: Uint8Array; readonly signedTx: Uint8Array },
): Promise<boolean> {
  const { bookId, attemptId, number, txHash, signedTx } = row;
  return ((await session.run(insert, [bookId, attemptId, number, txHash, signedTx])).rowCount ?? 0) > 0;
}
