import { matchByHand, resolutionsByHand } from '@tollbook/domain';
import type { AuditContext } from './ports/audit.js';
import type { HandStore, LinkFacts, LinkOrder } from './ports/hand-store.js';

export type HandRefused = {
  readonly kind: 'refused';
  readonly reason: 'not_found' | 'not_open' | 'not_closable' | 'not_linkable' | 'payment_unknown' | 'resolution_unfit';
  /** The rule's own word, where there is one. */
  readonly detail?: string;
};

/** Ends a discrepancy as a person says. The books stay as they are; who, what and why stand in the audit log. */
export async function closeDiscrepancyByHand(
  hand: HandStore,
  bookId: number,
  discrepancyId: string,
  closing: { readonly resolution: string; readonly note: string },
  by: AuditContext,
): Promise<HandRefused | { readonly kind: 'closed' }> {
  const result = await hand.close(
    bookId,
    discrepancyId,
    closing,
    ({ kind, isOpen }) => {
      if (!isOpen) return 'not_open';
      const fit = resolutionsByHand(kind);
      if (fit.length === 0) return 'not_closable';
      return fit.includes(closing.resolution) ? null : 'resolution_unfit';
    },
    by,
  );
  if (result === null) return { kind: 'refused', reason: 'not_found' };
  switch (result.refusal) {
    case null:
      return { kind: 'closed' };
    case 'not_open':
    case 'not_closable':
      return { kind: 'refused', reason: result.refusal };
    default:
      return { kind: 'refused', reason: 'resolution_unfit' };
  }
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
