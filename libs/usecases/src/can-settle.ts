import type { Facilitator } from './ports/facilitator.js';
import type { PurchaseDeps } from './purchase.js';

/**
 * Whether a payment to this book could be judged and carried out on a network now: none is invited, or claimed, that
 * nobody can.
 */
export function canSettle(
  deps: Pick<PurchaseDeps, 'facilitators' | 'chainOf'>,
  bookId: number,
  network: string,
): boolean {
  return firstReady(deps, bookId, network) !== undefined;
}

/** Who would settle a payment on a network now: the first who can. Undefined where nobody can. */
export function firstReady(
  { facilitators, chainOf }: Pick<PurchaseDeps, 'facilitators' | 'chainOf'>,
  bookId: number,
  network: string,
  payer?: string,
): Facilitator | undefined {
  const chain = chainOf(network);
  if (!chain) return undefined;
  return facilitators
    .chosenFor(bookId, payer)
    .find((each) => (each.kind === 'built_in' ? chain.hasGasSigner : each.remote.isReady(network)));
}
