import type { TermsVersion } from '@tollbook/domain';
import { canSettle, issueOffer, type PurchaseDeps } from '@tollbook/usecases';
import type { GateSnapshot, PreparedBook, PreparedEndpoint } from './gate-snapshot.js';
import { offeredTerms } from './offered-terms.js';
import type { RequestParts } from './request-parts.js';
import type { OfferToWrite } from './write-answer.js';

/** The endpoint that a request asks for, with the terms it is sold under now. */
export type Found = {
  readonly parts: RequestParts;
  readonly book: PreparedBook;
  readonly prepared: PreparedEndpoint;
  readonly terms: TermsVersion;
  readonly tag: Uint8Array;
};

type OfferDeps = {
  readonly purchase: PurchaseDeps;
  readonly snapshot: GateSnapshot;
  readonly publicUrl: string;
};

/** An offer of what can be paid now; null where nothing can. */
export function freshOffer({ purchase, snapshot, publicUrl }: OfferDeps, found: Found): OfferToWrite | null {
  const { book, prepared, tag, parts } = found;
  const terms = offeredTerms(found.terms, (network) => canSettle(purchase, book.book.bookId, network));
  if (!terms) return null;
  const now = Math.floor(snapshot.nowMs() / 1000);
  const offer = issueOffer(terms, tag, now, snapshot.currentSealKey(), purchase.crypto);
  return { prepared, offer, resourceUrl: publicUrl + parts.fullPath };
}
