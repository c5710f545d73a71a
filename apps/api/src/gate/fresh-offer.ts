import { canSettle, issueOffer, type PurchaseDeps } from '@tollbook/usecases';
import type { Found } from './found.js';
import type { GateSnapshot } from './gate-snapshot.js';
import { offeredTerms } from './offered-terms.js';
import type { RecentFinds } from './recent-finds.js';
import type { OfferToWrite } from './write-answer.js';

type OfferDeps = {
  readonly purchase: PurchaseDeps;
  readonly snapshot: GateSnapshot;
  readonly recent: RecentFinds;
};

/** An offer of what can be paid now; null where nothing can. */
export function freshOffer({ purchase, snapshot, recent }: OfferDeps, found: Found): OfferToWrite | null {
  const nowMs = snapshot.nowMs();
  const terms = recent.offered(found.terms, nowMs, () => {
    const { bookId } = found.book.book;
    return offeredTerms(found.terms, (network) => canSettle(purchase, bookId, network));
  });
  if (!terms) return null;
  const now = Math.floor(nowMs / 1000);
  const offer = issueOffer(terms, found.tag, now, snapshot.currentSealKey(), purchase.crypto);
  return { prepared: found.prepared, offer, resourceUrl: found.resourceUrl };
}
