import type { TermsInForceRefusal } from '../offer/terms-version.js';
import type { IntentStatus } from './intent.js';

/** What became of an offer. `processing`: somebody is paying it, or the chain has still to tell. */
type OfferState = 'open' | 'processing' | 'paid' | 'expired' | 'withdrawn';

/**
 * The state of an offer: what its payment says where there is one, and else whether it could be paid now. Money counts
 * before time does, so an offer that was paid stays paid when its terms end.
 */
export function offerState(status: IntentStatus | null, ended: TermsInForceRefusal | null): OfferState {
  switch (status) {
    case 'confirmed':
    case 'final':
      return 'paid';
    case 'processing':
    case 'unknown':
      return 'processing';
    case 'canceled':
      return 'withdrawn';
    case 'expired':
      return 'expired';
    default:
      if (ended === null) return 'open';
      return ended === 'offer_expired' ? 'expired' : 'withdrawn';
  }
}
