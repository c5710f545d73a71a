import { entryHash, equalBytes, firstChainHash } from '@tollbook/domain';
import type { BooksStore } from './ports/books-store.js';
import type { Crypto } from './ports/crypto.js';

const pageSize = 1_000;

export type LedgerVerdict =
  | { readonly kind: 'intact'; readonly entries: bigint }
  /** `entrySeq` is the first entry that does not follow from the one before it. */
  | { readonly kind: 'broken'; readonly entrySeq: bigint; readonly what: 'gap' | 'hash' | 'head' };

/**
 * Walks a book's entries from the first to its head and recomputes every link, so that any change of any row is found
 * and named. Entries that are appended meanwhile lie beyond the head that was read first, and are left to the next walk.
 */
export async function verifyLedger(books: BooksStore, crypto: Crypto, bookId: number): Promise<LedgerVerdict> {
  const head = (await books.ledgerHead(bookId)) ?? { entrySeq: 0n, chainHash: firstChainHash };
  let previous = firstChainHash;
  let seq = 0n;
  while (seq < head.entrySeq) {
    const page = await books.entriesAfter(bookId, seq, pageSize);
    if (page.length === 0) return { kind: 'broken', entrySeq: seq + 1n, what: 'gap' };
    for (const { entry, chainHash } of page) {
      if (entry.entrySeq > head.entrySeq) break;
      if (entry.entrySeq !== seq + 1n) return { kind: 'broken', entrySeq: seq + 1n, what: 'gap' };
      if (!equalBytes(entryHash(previous, entry, crypto.sha256), chainHash)) {
        return { kind: 'broken', entrySeq: entry.entrySeq, what: 'hash' };
      }
      previous = chainHash;
      seq = entry.entrySeq;
    }
  }
  if (seq > 0n && !equalBytes(head.chainHash, previous)) return { kind: 'broken', entrySeq: seq, what: 'head' };
  return { kind: 'intact', entries: seq };
}
