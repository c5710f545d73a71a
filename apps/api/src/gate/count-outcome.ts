import { foreignText, toComparedRecord } from '@tollbook/domain';
import {
  compareRefused,
  type Purchase,
  type PurchaseDeps,
  type PurchaseOutcome,
  type ShownPurchase,
} from '@tollbook/usecases';
import type { DecodeResult } from '@tollbook/x402';
import type { OfferCounts, Place, SampleFacts } from './offer-counts.js';

/** A copy of a payment that runs, a transfer that is waited for, or a buyer who left, is no failed payment. */
const noFailure: readonly string[] = ['payment_in_progress', 'transfer_pending', 'buyer_gone'];

/**
 * Counts how a payment ended, by kind of client. One that was refused before it was claimed leaves no row of its own:
 * of those a few are kept with what was expected and what came.
 */
export function countOutcome(
  deps: { readonly purchase: PurchaseDeps; readonly offerCounts: OfferCounts },
  place: Place,
  purchase: Purchase,
  userAgent: string | undefined,
  outcome: PurchaseOutcome,
): void {
  const { offerCounts } = deps;
  const { x402Version } = purchase.presented;
  const count = (kind: 'failed' | 'unknown' | 'paid', reason = '') =>
    offerCounts.ended(place, { kind, reason, x402Version }, userAgent);
  switch (outcome.kind) {
    case 'limited': {
      const { standing, retryAfterSeconds } = outcome.verdict;
      const detail = `Call ${standing.used} of its window; the next is let in after ${retryAfterSeconds} seconds.`;
      offerCounts.refused(
        place,
        { reason: 'rate_limited', x402Version, sample: sampleOf(deps, purchase, detail) },
        userAgent,
      );
      return;
    }
    case 'refused': {
      const { code, invoiceId, expected, received } = outcome;
      if (noFailure.includes(code)) return;
      if (invoiceId !== undefined) {
        count('failed', code);
        return;
      }
      const named = expected === undefined ? null : { expected, received: received ?? '' };
      offerCounts.refused(
        place,
        { reason: code, x402Version, sample: sampleOf(deps, purchase, undefined, named) },
        userAgent,
      );
      return;
    }
    case 'served':
      if (!outcome.isReplay) count('paid');
      return;
    case 'not_charged':
      count('failed', outcome.reason);
      return;
    case 'paid_not_served':
      count('failed', 'paid_not_served');
      return;
    case 'unknown':
      count('unknown');
      return;
    case 'failed':
      count('failed', outcome.reason);
      return;
    case 'result_gone':
      return;
  }
}

/** The same of an invoice that was shown; one that is not paid asks for an offer like every unpaid request. */
export function countShown(
  offerCounts: OfferCounts,
  place: Place,
  { txHash, proof }: Pick<ShownPurchase, 'txHash' | 'proof'>,
  userAgent: string | undefined,
  outcome: PurchaseOutcome,
): void {
  const count = (kind: 'failed' | 'unknown' | 'paid', reason = '') =>
    offerCounts.ended(place, { kind, reason, x402Version: 0 }, userAgent);
  if (outcome.kind === 'served' && !outcome.isReplay) count('paid');
  if (outcome.kind === 'paid_not_served') count('failed', 'paid_not_served');
  if (outcome.kind === 'unknown') count('unknown');
  const code = outcome.kind === 'limited' ? 'rate_limited' : outcome.kind === 'refused' ? outcome.code : null;
  if (code === null || noFailure.includes(code)) return;
  if (code === 'payment_required') {
    offerCounts.offered(place, userAgent);
    return;
  }
  const said = outcome.kind === 'refused' && outcome.expected !== undefined;
  const detail = [
    ...(txHash === null ? [] : [`Transaction ${txHash}.`]),
    ...(said ? [`Expected ${outcome.expected}, received ${outcome.received ?? ''}.`] : []),
  ].join(' ');
  const evidence = { ...(detail === '' ? {} : { detail }), ...agentOf(userAgent ?? null) };
  const sample = () => ({ payer: proof?.address ?? null, intentId: null, evidence });
  offerCounts.refused(place, { reason: code, x402Version: 0, sample }, userAgent);
}

/** Counts a payment that could not even be read. */
export function countUnreadable(
  offerCounts: OfferCounts,
  place: Place,
  { reason, detail, x402Version }: Extract<DecodeResult, { kind: 'refused' }>,
  userAgent: string | undefined,
): void {
  const sample = () => ({ payer: null, intentId: null, evidence: { detail, ...agentOf(userAgent ?? null) } });
  offerCounts.refused(place, { reason, x402Version, sample }, userAgent);
}

function sampleOf(
  deps: { readonly purchase: PurchaseDeps },
  purchase: Purchase,
  detail?: string,
  named: Parameters<typeof compareRefused>[2] = null,
): () => Promise<SampleFacts> {
  return async () => {
    const { lines, intentId } = await compareRefused(deps.purchase, purchase, named);
    const compared = toComparedRecord(lines);
    const told = detail === undefined ? {} : { detail };
    const evidence = { compared, ...told, ...agentOf(purchase.client) };
    return { payer: purchase.presented.authorization.from, intentId, evidence };
  };
}

function agentOf(userAgent: string | null): { readonly agent?: string } {
  return userAgent === null ? {} : { agent: foreignText(userAgent) };
}
