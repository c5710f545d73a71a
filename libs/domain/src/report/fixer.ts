import type { FailureReason } from '../payment/failure-reason.js';
import type { InvoiceRefusal, TermsRefusal } from '../payment/refusal-reason.js';

/** Who can do something about a failed payment. */
export const fixers = ['buyer', 'you', 'facilitator', 'chain', 'us'] as const;
export type Fixer = (typeof fixers)[number];

/** Everything that a signed payment can fail by: of an attempt, or refused before one was made. */
export type FailedBy =
  | FailureReason
  | TermsRefusal
  | InvoiceRefusal
  | 'invoice_unknown'
  | 'offer_withdrawn'
  | 'payment_malformed'
  | 'payment_header_unsupported'
  | 'payment_identifier_required'
  | 'version_unsupported'
  | 'payment_in_progress'
  | 'payment_used_elsewhere'
  | 'request_too_large'
  | 'store_unavailable'
  | 'gate_busy'
  | 'rate_limited'
  | 'payer_blocked'
  | 'payer_not_allowed'
  | 'internal';

/** A reason without a row here does not compile. */
const fixerOf: Readonly<Record<FailedBy, Fixer>> = {
  signature_invalid: 'buyer',
  insufficient_funds: 'buyer',
  verification_refused: 'buyer',
  authorization_canceled: 'buyer',
  authorization_window: 'buyer',
  authorization_expired: 'facilitator',
  transfer_proof_required: 'buyer',
  nonce_spent_elsewhere: 'buyer',
  interrupted: 'us',
  settlement_unavailable: 'facilitator',
  upstream_failed: 'you',
  upstream_timeout: 'you',
  buyer_gone: 'buyer',
  invoice_canceled: 'you',
  reverted: 'chain',
  transfer_orphaned: 'chain',
  not_offered: 'buyer',
  network_mismatch: 'buyer',
  resource_mismatch: 'buyer',
  asset_mismatch: 'buyer',
  recipient_mismatch: 'buyer',
  amount_mismatch: 'buyer',
  invoice_in_progress: 'buyer',
  invoice_already_paid: 'buyer',
  offer_already_used: 'buyer',
  offer_expired: 'buyer',
  invoice_unknown: 'buyer',
  offer_withdrawn: 'you',
  payment_malformed: 'buyer',
  payment_header_unsupported: 'buyer',
  payment_identifier_required: 'buyer',
  payment_identifier_reused: 'buyer',
  version_unsupported: 'buyer',
  payment_in_progress: 'buyer',
  payment_used_elsewhere: 'buyer',
  request_too_large: 'buyer',
  store_unavailable: 'us',
  gate_busy: 'us',
  rate_limited: 'you',
  payer_blocked: 'you',
  payer_not_allowed: 'you',
  internal: 'us',
};

/** Who can fix a failure; ours to look at where the reason is none that this release knows. */
export function failureFixer(reason: string): Fixer {
  return isFailedBy(reason) ? fixerOf[reason] : 'us';
}

/** Attempts that failed by one of these were never verified; all others failed after their payment was found good. */
export const unverifiedReasons: readonly FailureReason[] = [
  'signature_invalid',
  'insufficient_funds',
  'verification_refused',
  'authorization_canceled',
  'transfer_proof_required',
  'nonce_spent_elsewhere',
  'interrupted',
];

function isFailedBy(reason: string): reason is FailedBy {
  return Object.hasOwn(fixerOf, reason);
}
