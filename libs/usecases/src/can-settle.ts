import type { PurchaseDeps } from './purchase.js';

/**
 * Whether a payment to this book could be judged and carried out on a network now: none is invited, or claimed, that
 * nobody can.
 */
export function canSettle(
  { facilitators, chainOf }: Pick<PurchaseDeps, 'facilitators' | 'chainOf'>,
  bookId: number,
  network: string,
): boolean {
  const chain = chainOf(network);
  if (!chain) return false;
  return facilitators
    .chosenFor(bookId)
    .some((each) => (each.kind === 'built_in' ? chain.hasGasSigner : each.remote.isReady(network)));
}
