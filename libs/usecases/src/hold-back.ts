import { type EffectiveRate, effectiveRate, isAllowedPayer } from '@tollbook/domain';
import type { GateBook, GateEndpoint } from './ports/gate-config-store.js';
import { type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith } from './purchase.js';

/** Who calls what, with how much of a purchase a limit looks at. */
type Caller = Pick<Purchase, 'book' | 'endpoint' | 'onCounted'> & {
  readonly presented: { readonly authorization: { readonly from: string } };
};

/**
 * Refuses, before anything about the payment is looked at, a payer whom this process knows to have used up the limit.
 * Nothing is counted: the payer is only named yet, and whoever names somebody else spends nothing of theirs. Who is
 * blocked is told after the signature alone, so that nobody finds out by naming them. Null lets the payment go on;
 * `isTaken` tells of one that was taken before, which is never held back.
 */
export async function holdBackEarly(
  deps: PurchaseDeps,
  purchase: Caller,
  isTaken: () => Promise<boolean>,
): Promise<PurchaseOutcome | null> {
  const rate = payerRate(deps, purchase);
  if (rate.kind !== 'limited') return null;
  const verdict = deps.payerLimiter.knownExhausted(keyOf(purchase), rate.policy);
  return verdict === null || (await isTaken()) ? null : refuse(deps, purchase, verdict);
}

/**
 * Why a payer may not pay at an endpoint at all, from the snapshot alone; null where they may. For whoever takes money
 * of a payer that is proved, in whatever form: a signature, or a transfer that was shown.
 */
export function payerRefusal(
  book: Pick<GateBook, 'overrides' | 'allowedPayers'>,
  endpoint: Pick<GateEndpoint, 'endpointId' | 'limits'>,
  payer: string,
  nowMs: number,
): 'payer_blocked' | 'payer_not_allowed' | null {
  const overrides = book.overrides.get(payer) ?? [];
  const rate = effectiveRate(endpoint.limits.paid, overrides, endpoint.endpointId, nowMs);
  if (rate.kind === 'blocked') return 'payer_blocked';
  return isAllowedPayer(book.allowedPayers, endpoint.endpointId, payer) ? null : 'payer_not_allowed';
}

/**
 * Counts the payment and refuses it where that was one too many. Stands after the local signature check, so that junk
 * in somebody's name spends nothing of theirs, and before the claim, so that what is held back is never charged.
 */
export async function holdBack(
  deps: PurchaseDeps,
  purchase: Caller,
  isTaken: () => Promise<boolean>,
): Promise<PurchaseOutcome | null> {
  const rate = payerRate(deps, purchase);
  // A signature was looked at before this, so that nobody finds out by guessing who is on a list.
  const refusal = payerRefusal(purchase.book, purchase.endpoint, payerOf(purchase), deps.clock.nowMs());
  if ((refusal === null && rate.kind === 'unlimited') || (await isTaken())) return null;
  if (refusal === 'payer_not_allowed') return refusedWith(refusal);
  if (rate.kind === 'blocked') return refuse(deps, purchase, null);
  if (rate.kind === 'unlimited') return null;
  const verdict = await deps.payerLimiter.consume(keyOf(purchase), rate.policy);
  if (verdict) purchase.onCounted?.(verdict);
  if (verdict?.kind === 'limited') return refuse(deps, purchase, verdict);
  tallyOf(deps, purchase).allow(payerOf(purchase), verdict?.standing ?? null, deps.clock.nowMs());
  return null;
}

function refuse(
  deps: PurchaseDeps,
  purchase: Caller,
  verdict: Extract<PurchaseOutcome, { kind: 'limited' }>['verdict'] | null,
): PurchaseOutcome {
  tallyOf(deps, purchase).throttle(payerOf(purchase), verdict?.standing ?? null, deps.clock.nowMs());
  return verdict ? { kind: 'limited', verdict } : refusedWith('payer_blocked');
}

function payerRate(deps: PurchaseDeps, purchase: Caller): EffectiveRate {
  const { book, endpoint } = purchase;
  const overrides = book.overrides.get(payerOf(purchase)) ?? [];
  // The clock is asked only where an exception could end.
  const nowMs = overrides.length > 0 ? deps.clock.nowMs() : 0;
  return effectiveRate(endpoint.limits.paid, overrides, endpoint.endpointId, nowMs);
}

function payerOf({ presented }: Pick<Caller, 'presented'>): string {
  return presented.authorization.from;
}

/** One count for each payer at each endpoint of each book. */
export function payerKey(bookId: number, endpointId: string, payer: string): string {
  return `${bookId}/${endpointId}/${payer}`;
}

function keyOf(purchase: Caller): string {
  return payerKey(purchase.book.bookId, purchase.endpoint.endpointId, payerOf(purchase));
}

function tallyOf(deps: PurchaseDeps, { book, endpoint }: Caller) {
  return deps.rateTally.of(book.bookId, endpoint.endpointId, 'paid');
}
