import type { Facilitators } from './ports/facilitator.js';

/** Whether anybody could carry out a payment to this book now: no payment is invited, or claimed, that nobody can. */
export function canSettle(facilitators: Facilitators, bookId: number, network: string): boolean {
  return facilitators.chosenFor(bookId).some((each) => each.kind === 'built_in' || each.remote.isReady(network));
}
