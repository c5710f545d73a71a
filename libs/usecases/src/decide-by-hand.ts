import { matchByHand, resolutionsByHand } from '@tollbook/domain';
import type { AuditContext } from './ports/audit.js';
import type { CaseChange, ClosableFacts, HandStore, LinkFacts, LinkOrder } from './ports/hand-store.js';
import type { DiscrepancyRecord } from './ports/payment-queries.js';

export type HandRefused = {
  readonly kind: 'refused';
  readonly reason:
    | 'not_found'
    | 'not_open'
    | 'not_closable'
    | 'not_linkable'
    | 'payment_unknown'
    | 'resolution_unfit'
    | 'assignee_unknown';
  /** The rule's own word, where there is one. */
  readonly detail?: string;
};

export type Closing = { readonly resolution: string; readonly note: string };

/**
 * Ends a discrepancy as a person says. The books stay as they are; who, what and why stand in the audit log. One that
 * was closed in the very same words is closed: a repetition changes nothing and is no error.
 */
export async function closeDiscrepancyByHand(
  hand: HandStore,
  bookId: number,
  discrepancyId: string,
  closing: Closing,
  by: AuditContext,
): Promise<HandRefused | { readonly kind: 'closed' }> {
  const judge = (facts: ClosableFacts) => judgeClosing(facts, closing);
  const result = await hand.close(bookId, discrepancyId, closing, judge, by);
  if (result === null) return { kind: 'refused', reason: 'not_found' };
  switch (result.refusal) {
    case null:
    case 'closed_alike':
      return { kind: 'closed' };
    case 'not_open':
    case 'not_closable':
      return { kind: 'refused', reason: result.refusal };
    default:
      return { kind: 'refused', reason: 'resolution_unfit' };
  }
}

function judgeClosing({ kind, isOpen, ...closed }: ClosableFacts, { resolution, note }: Closing): string | null {
  if (!isOpen) return closed.resolution === resolution && closed.note === note ? 'closed_alike' : 'not_open';
  const fit = resolutionsByHand(kind);
  if (fit.length === 0) return 'not_closable';
  return fit.includes(resolution) ? null : 'resolution_unfit';
}

/**
 * Ends many discrepancies in the same words, each in its own commit: what cannot be ended is told, and keeps nothing
 * else from it. Resolves to one outcome an id, in their order.
 */
export async function closeDiscrepanciesByHand(
  hand: HandStore,
  bookId: number,
  discrepancyIds: readonly string[],
  closing: Closing,
  by: AuditContext,
): Promise<readonly Awaited<ReturnType<typeof closeDiscrepancyByHand>>[]> {
  const outcomes: Awaited<ReturnType<typeof closeDiscrepancyByHand>>[] = [];
  // One after the other: each holds the book while it writes.
  for (const id of discrepancyIds) outcomes.push(await closeDiscrepancyByHand(hand, bookId, id, closing, by));
  return outcomes;
}

/** Notes something about a discrepancy that is open, or gives it to somebody who belongs to the merchant, or to nobody. */
export async function changeDiscrepancyByHand(
  hand: HandStore,
  bookId: number,
  discrepancyId: string,
  change: CaseChange,
  by: AuditContext,
): Promise<HandRefused | { readonly kind: 'changed'; readonly discrepancy: DiscrepancyRecord }> {
  const result = await hand.change(
    bookId,
    discrepancyId,
    change,
    ({ isOpen, isAssigneeMember }) => {
      if (!isOpen) return 'not_open';
      return isAssigneeMember ? null : 'assignee_unknown';
    },
    by,
  );
  if (result === null) return { kind: 'refused', reason: 'not_found' };
  if ('discrepancy' in result) return { kind: 'changed', discrepancy: result.discrepancy };
  return { kind: 'refused', reason: result.refusal === 'not_open' ? 'not_open' : 'assignee_unknown' };
}

/** Orders that unmatched money be given to a payment. The worker carries it out, by the same rule looked at again. */
export async function orderLinkByHand(
  hand: HandStore,
  bookId: number,
  discrepancyId: string,
  link: { readonly intentId: string; readonly reason: string },
  by: AuditContext,
): Promise<HandRefused | { readonly kind: 'ordered'; readonly order: LinkOrder }> {
  const result = await hand.orderLink(bookId, discrepancyId, link, judgeLink, by);
  if (result === null) return { kind: 'refused', reason: 'not_found' };
  if ('order' in result) return { kind: 'ordered', order: result.order };
  const { refusal } = result;
  if (refusal === 'not_open' || refusal === 'payment_unknown') return { kind: 'refused', reason: refusal };
  return { kind: 'refused', reason: 'not_linkable', detail: refusal };
}

function judgeLink({ kind, isOpen, match }: LinkFacts): string | null {
  if (!isOpen) return 'not_open';
  if (kind !== 'unmatched') return 'transfer_matched';
  if (!match) return 'payment_unknown';
  const decided = matchByHand(match);
  return decided.kind === 'refused' ? decided.reason : null;
}
