import { booksEventType } from '@tollbook/domain';
import { toBooksProofView } from './books-proof-view.js';
import { networkOf } from './catalog.js';
import type { ChangeDeps } from './change-attempt.js';
import { eventAboutNone } from './event-about-none.js';
import type { BooksStore } from './ports/books-store.js';
import type { EventDraft } from './ports/records.js';
import type { ExplainedProof } from './prove-books.js';

/**
 * Keeps proofs, and tells their books what changed since each wallet was proved last: that it differs from the chain, by
 * another amount than before, or agrees again. Both in one dbTx, so that each change is told once. Returns how many were
 * told.
 */
export async function keepProofs(
  deps: ChangeDeps & { readonly books: BooksStore },
  proofs: readonly ExplainedProof[],
  nowMs: number,
): Promise<number> {
  return deps.books.saveProofs(proofs, (before) =>
    proofs.flatMap((proof): EventDraft[] => {
      const { bookId, network, walletId, assetId, differenceAtomic } = proof;
      const last = before.find((each) => each.walletId === walletId && each.assetId === assetId);
      const type = booksEventType(last?.differenceAtomic ?? null, differenceAtomic);
      if (type === null) return [];
      const book = { bookId, mode: networkOf(deps.catalog, network).mode };
      return [
        eventAboutNone({ type, book, data: toBooksProofView(proof, deps.formatAddress), nowMs, crypto: deps.crypto }),
      ];
    }),
  );
}
