import { canSettle, type PurchaseDeps } from '@tollbook/usecases';
import type { GateSnapshot } from '../gate/gate-snapshot.js';

/** When something is described, and what could be paid then. */
export type Moment = {
  readonly nowUnixSeconds: number;
  /** Whether a payment to a book could be taken on a network. */
  readonly isOpen: (bookId: number, network: string) => boolean;
};

/** Now, as the gate would make an offer. */
export function momentOf(
  purchase: Pick<PurchaseDeps, 'facilitators' | 'chainOf'>,
  snapshot: Pick<GateSnapshot, 'nowMs'>,
): Moment {
  return {
    nowUnixSeconds: Math.floor(snapshot.nowMs() / 1000),
    isOpen: (bookId, network) => canSettle(purchase, bookId, network),
  };
}
