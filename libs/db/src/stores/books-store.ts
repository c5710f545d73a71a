import { assert, type BookedMovement, firstChainHash, utf8Bytes } from '@tollbook/domain';
import type { BooksStore, Catalog, LastDifference, WalletMovement } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbBytes, fromDbHex } from '../mapping/column.mapping.js';
import { fromDbCausedEntries } from '../mapping/stored-entry.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { beginReading } from '../queries/begin-reading.js';
import { type BookedRow, readBookedMovements, readDifferingSpans } from '../queries/explain-proof.js';
import { readContradictions } from '../queries/read-contradictions.js';
import { readEntriesAfter, readLedgerHead } from '../queries/read-entries.js';
import { type MovementRow, readMovements } from '../queries/read-movements.js';
import { beginRebuilding, readDifferingSums, rebuildRollups } from '../queries/rebuild-rollups.js';
import { insertBooksProofs, readBookIds, readLastDifferences } from '../queries/save-books-proofs.js';
import { inTransaction, type Session, withSession } from '../session.js';
import { sha256 } from '../sha256.js';
import { beginInAllBooks } from '../statements/begin-transaction.js';
import { insertEvents } from '../statements/insert-events.js';

export type BooksDeps = {
  /** Acts as tollbook_worker; as tollbook_app only one book at a time is seen, and no proof is kept. */
  readonly pool: Pool;
  readonly catalog: Catalog;
};

/** Differences of each kind that a rebuild tells. */
const toldMax = 1_000;

/** The ledger as proofs read it. Throws `StoreUnavailable` when the database is away. */
export function createBooksStore({ pool, catalog }: BooksDeps): BooksStore {
  const networks = new NetworkIds(catalog.networks);
  const reading = <T>(bookId: number | null, work: (session: Session) => Promise<T>) =>
    inTransaction(pool, (session) => beginReading(session, bookId), work);
  return {
    movements: async (bookId, network, blockNumber, fromNumber) => {
      const networkId = networks.idOf(network);
      const rows = await reading(bookId, (session) =>
        readMovements(session, bookId, networkId, blockNumber, fromNumber),
      );
      return rows.map((row) => fromDbMovement(row, network));
    },
    differingSpans: async (key, blockNumber, differenceAtomic) => {
      const read = (session: Session) => readDifferingSpans(session, key, blockNumber, differenceAtomic);
      const rows = await reading(key.bookId, read);
      return rows.map((row) => ({ fromNumber: row.from_number, toNumber: row.to_number }));
    },
    bookedMovements: async (key, fromNumber, toNumber) => {
      const rows = await reading(key.bookId, (session) => readBookedMovements(session, key, fromNumber, toNumber));
      return rows.map(fromDbBookedMovement);
    },
    saveProofs: async (proofs, tell = () => []) => {
      if (proofs.length === 0) return 0;
      const rows = proofs.map((proof) => ({ ...proof, booksProofId: newId() }));
      return inTransaction(pool, beginInAllBooks, async (session) => {
        const events = tell((await readLastDifferences(session, proofs)).map(fromDbLastDifference));
        await insertBooksProofs(session, rows);
        if (events.length > 0) {
          await insertEvents(
            session,
            events.map((event) => ({ ...event, bodyHash: sha256(utf8Bytes(event.body)) })),
          );
        }
        return events.length;
      });
    },
    bookIds: () => withSession(pool, readBookIds),
    entriesAfter: async (bookId, afterSeq, limit) =>
      fromDbCausedEntries(await reading(bookId, (session) => readEntriesAfter(session, bookId, afterSeq, limit))),
    ledgerHead: async (bookId) => {
      const row = await reading(bookId, (session) => readLedgerHead(session, bookId));
      if (row === null) return null;
      const chainHash = row.chain_hash === null ? firstChainHash : fromDbBytes(row.chain_hash);
      return { entrySeq: row.entry_seq ?? 0n, chainHash, lastEntrySeq: row.last_entry_seq ?? 0n };
    },
    differingSums: async (limit) =>
      (await reading(null, (session) => readDifferingSums(session, limit))).map(toFinding),
    rebuildRollups: () =>
      inTransaction(pool, beginRebuilding, async (session) => {
        const differed = (await readDifferingSums(session, toldMax)).map(toFinding);
        const tables = await rebuildRollups(session);
        const [left] = await readDifferingSums(session, 1);
        assert(left === undefined, `sums that were made anew equal their rows: ${left?.what} ${left?.id}`);
        return { differed, tables: [...tables].map(([table, rows]) => ({ table, rows })) };
      }),
    contradictions: async (limit) => {
      const rows = await reading(null, (session) => readContradictions(session, limit));
      return rows.map(toFinding);
    },
  };
}

function toFinding({ what, book_id: bookId, id }: { what: string; book_id: number; id: string }) {
  return { what, bookId, id };
}

function fromDbLastDifference(row: {
  book_id: number;
  wallet_id: string;
  asset_id: number;
  difference_atomic: string;
}): LastDifference {
  const { book_id: bookId, wallet_id: walletId, asset_id: assetId } = row;
  return { bookId, walletId, assetId, differenceAtomic: BigInt(row.difference_atomic) };
}

function fromDbMovement(row: MovementRow, network: string): WalletMovement {
  return {
    bookId: row.book_id,
    network,
    walletId: row.wallet_id,
    wallet: fromDbHex(row.address),
    assetId: row.asset_id,
    contract: fromDbHex(row.contract),
    watchFromBlock: row.watch_from_block,
    openingAtomic: BigInt(row.opening_atomic),
    inAtomic: BigInt(row.in_atomic),
    outAtomic: BigInt(row.out_atomic),
  };
}

function fromDbBookedMovement(row: BookedRow): BookedMovement {
  const { transfer_id: transferId, tx_hash: txHash, position, block_hash: blockHash, block_number: blockNumber } = row;
  const isRecorded = transferId !== null && txHash !== null && position !== null && blockHash !== null;
  const place = isRecorded
    ? { transferId, txHash: fromDbHex(txHash), position, blockNumber, blockHash: fromDbHex(blockHash) }
    : null;
  return { transfer: place, blockNumber, entrySeq: row.entry_seq, bookedAtomic: BigInt(row.booked_atomic) };
}
