import type { Mode } from '../mode.js';
import type { Asset } from '../money/asset.js';

/** After: the upstream answers before money moves. Before: money moves first. */
export const settleModes = ['after', 'before'] as const;
export type SettleMode = (typeof settleModes)[number];

/** What is accepted on one network, exactly as the wire shows it. */
export type TermsNetwork = {
  readonly network: string;
  readonly asset: Asset;
  readonly walletId: string;
  /** The token's and the receiving wallet's address in their display spelling (checksummed on EVM). */
  readonly assetText: string;
  readonly payToText: string;
  readonly amountAtomic: bigint;
};

/**
 * A price version made complete: everything a buyer was promised, immutable, named in an invoice id by `number`
 * (48 bits, unique over all books). Terms are read from here, never rebuilt from today's settings (I18).
 */
export type TermsVersion = {
  readonly number: bigint;
  readonly bookId: number;
  readonly mode: Mode;
  readonly endpointId: string;
  readonly priceVersionId: string;
  readonly settleMode: SettleMode;
  readonly offerTtlSeconds: number;
  readonly maxTimeoutSeconds: number;
  readonly pricedQuery: readonly string[];
  readonly pricesBody: boolean;
  readonly networks: readonly TermsNetwork[];
  readonly inForceFromUnixSeconds: number;
  readonly supersededAtUnixSeconds: number | null;
  readonly revokedAtUnixSeconds: number | null;
};

/** How long after `expiresAt` a payment is still accepted: a signature made in the last second must travel. */
export const offerGraceSeconds = 120;
/** How long a process may still seal a superseded terms version before every snapshot has followed. */
export const snapshotLagSeconds = 10;
/** Tolerance between the database clock and chain time, and for ids sealed by a clock that is ahead (I35). */
export const clockToleranceSeconds = 60;

/** The second at which an offer ends as shown to the buyer. */
export function offerExpiresAt(issuedAtUnixSeconds: number, terms: TermsVersion): number {
  return issuedAtUnixSeconds + terms.offerTtlSeconds;
}

export type TermsInForceRefusal = 'invoice_unknown' | 'offer_expired' | 'offer_withdrawn';

/**
 * Whether an offer sealed at `issuedAt` under these terms may be paid now: not expired beyond grace, sealed while the
 * terms were in force (so a leaked key cannot revive an old, cheaper price), and not withdrawn.
 */
export function checkTermsInForce(
  terms: TermsVersion,
  issuedAtUnixSeconds: number,
  nowUnixSeconds: number,
): { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly reason: TermsInForceRefusal } {
  const superseded = terms.supersededAtUnixSeconds;
  if (issuedAtUnixSeconds > nowUnixSeconds + clockToleranceSeconds) return refused('invoice_unknown');
  if (nowUnixSeconds > offerExpiresAt(issuedAtUnixSeconds, terms) + offerGraceSeconds) return refused('offer_expired');
  if (issuedAtUnixSeconds < terms.inForceFromUnixSeconds - clockToleranceSeconds) return refused('invoice_unknown');
  if (superseded !== null && issuedAtUnixSeconds > superseded + snapshotLagSeconds) return refused('offer_withdrawn');
  if (terms.revokedAtUnixSeconds !== null) return refused('offer_withdrawn');
  return { kind: 'ok' };
}

function refused(reason: TermsInForceRefusal): { kind: 'refused'; reason: TermsInForceRefusal } {
  return { kind: 'refused', reason };
}
