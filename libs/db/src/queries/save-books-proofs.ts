import type { BooksProofRecord, WalletAssetKey } from '@tollbook/usecases';
import { toDbHex } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

/** The column tells what the chain has beyond the books, whatever sign the caller's difference has. */
const statement = {
  name: 'insert_books_proofs',
  text: `insert into books_proofs (book_id, books_proof_id, wallet_id, asset_id, block_number, block_hash, opening_atomic,
      in_atomic, out_atomic, closing_atomic, on_chain_atomic, difference_atomic)
    select u.*, u.on_chain_atomic - u.closing_atomic
    from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[], $5::bigint[], $6::bytea[], $7::numeric[],
        $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[])
      as u (book_id, books_proof_id, wallet_id, asset_id, block_number, block_hash, opening_atomic, in_atomic,
        out_atomic, closing_atomic, on_chain_atomic)`,
};

const lastDifferences = {
  name: 'read_last_differences',
  text: `select u.book_id, u.wallet_id, u.asset_id, p.difference_atomic
    from unnest($1::integer[], $2::uuid[], $3::integer[]) as u (book_id, wallet_id, asset_id)
    cross join lateral (
      select b.difference_atomic from books_proofs b
      where b.book_id = u.book_id and b.wallet_id = u.wallet_id and b.asset_id = u.asset_id
      order by b.books_proof_id desc
      limit 1
    ) p`,
};

const bookIds = { name: 'read_book_ids', text: `select b.book_id from books b order by b.book_id` };

/** Keeps proofs under ids made by the caller. */
export async function insertBooksProofs(
  session: Session,
  proofs: readonly (BooksProofRecord & { readonly booksProofId: string })[],
): Promise<void> {
  await session.run(statement, [
    proofs.map((proof) => proof.bookId),
    proofs.map((proof) => proof.booksProofId),
    proofs.map((proof) => proof.walletId),
    proofs.map((proof) => proof.assetId),
    proofs.map((proof) => proof.blockNumber),
    proofs.map((proof) => toDbHex(proof.blockHash)),
    proofs.map((proof) => proof.openingAtomic),
    proofs.map((proof) => proof.inAtomic),
    proofs.map((proof) => proof.outAtomic),
    proofs.map((proof) => proof.closingAtomic),
    proofs.map((proof) => proof.onChainAtomic),
  ]);
}

/** The ids of all books. */
export async function readBookIds(session: Session): Promise<number[]> {
  return (await session.run<{ book_id: number }>(bookIds)).rows.map((row) => row.book_id);
}

/** What the newest kept proofs of wallets found; nothing of one that was never proved. */
export async function readLastDifferences(
  session: Session,
  keys: readonly WalletAssetKey[],
): Promise<{ book_id: number; wallet_id: string; asset_id: number; difference_atomic: string }[]> {
  const values = [keys.map((key) => key.bookId), keys.map((key) => key.walletId), keys.map((key) => key.assetId)];
  return (
    await session.run<{ book_id: number; wallet_id: string; asset_id: number; difference_atomic: string }>(
      lastDifferences,
      values,
    )
  ).rows;
}
