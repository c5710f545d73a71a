import { sql } from 'drizzle-orm';
import { check, foreignKey, integer, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { amountAtomic, blockNumber, bookId, bytes, createdAt, signedAmountAtomic, table, uuidKey } from './columns.js';
import { walletAssets } from './configuration.js';

/** Books against chain, for one token of one wallet at one block. A difference is recorded, never corrected here. */
export const booksProofs = table(
  'books_proofs',
  {
    bookId: bookId(),
    booksProofId: uuidKey('books_proof_id'),
    walletId: uuid('wallet_id').notNull(),
    assetId: integer('asset_id').notNull(),
    blockNumber: blockNumber('block_number').notNull(),
    blockHash: bytes('block_hash', 32).notNull(),
    openingAtomic: amountAtomic('opening_atomic').notNull(),
    inAtomic: amountAtomic('in_atomic').notNull(),
    outAtomic: amountAtomic('out_atomic').notNull(),
    closingAtomic: signedAmountAtomic('closing_atomic').notNull(),
    onChainAtomic: amountAtomic('on_chain_atomic').notNull(),
    differenceAtomic: signedAmountAtomic('difference_atomic').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'books_proofs_pkey', columns: [t.bookId, t.booksProofId] }),
    foreignKey({
      name: 'books_proofs_wallet_asset_fk',
      columns: [t.bookId, t.walletId, t.assetId],
      foreignColumns: [walletAssets.bookId, walletAssets.walletId, walletAssets.assetId],
    }),
    check('books_proofs_closing_sum', sql`closing_atomic = opening_atomic + in_atomic - out_atomic`),
    check('books_proofs_difference_sum', sql`difference_atomic = on_chain_atomic - closing_atomic`),
  ],
);
