import { type ProblemCode, problems } from '@tollbook/contract';
import type { RefusalCode } from '@tollbook/usecases';

/** What the gate adds to a code of the contract: how it speaks to a buyer (payment core, section 6). */
export type AnswerRow = {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Whether a fresh offer goes along: only where a new payment is safe and of use. */
  readonly isRepayable: boolean;
  readonly retryAfterSeconds: number | null;
  readonly contentType: string;
  /** Whether it is said, in `Tollbook-Charged`, that this request cost nothing. */
  readonly isKnownFree: boolean;
};

export type AnswerCode =
  | RefusalCode
  | 'payment_required'
  | 'payment_malformed'
  | 'payment_header_unsupported'
  | 'version_unsupported'
  | 'path_not_canonical'
  | 'parameter_ambiguous'
  | 'endpoint_unknown'
  | 'method_not_allowed'
  | 'upgrade_not_supported'
  | 'store_unavailable'
  | 'gate_not_ready'
  | 'upstream_failed'
  | 'upstream_timeout'
  | 'paid_not_served'
  | 'payment_outcome_unknown'
  | 'earlier_payment_unknown'
  | 'settlement_failed'
  | 'result_gone'
  | 'rate_limited'
  | 'request_too_slow'
  | 'digest_mismatch'
  | 'internal';

type Speech = readonly [detail: string, isRepayable: boolean, retryAfterSeconds?: number];

const sameAgain = 'Send the same payload again; sign nothing new.';

/** A code without a row here does not compile. */
const speeches: Readonly<Record<AnswerCode, Speech>> = {
  payment_required: ['This resource is paid for by one of the offers in this answer.', true],
  payment_malformed: ['The payment header is not valid.', true],
  payment_header_unsupported: ['Another header carries payments here.', true],
  version_unsupported: ['Versions 1 and 2 of x402 are spoken here.', true],
  path_not_canonical: ['Write the path in its one plain spelling.', false],
  parameter_ambiguous: ['A parameter that the price depends on came twice.', false],
  endpoint_unknown: ['Nothing is sold at this path.', false],
  method_not_allowed: ['This path is sold for another method.', false],
  upgrade_not_supported: ['Paid endpoints answer plain HTTP requests only.', false],
  rate_limited: ['Too many calls. Nothing was charged; the header Retry-After says when to come back.', false],
  payer_blocked: ['The merchant takes no payments of this payer. Nothing was charged.', false],
  payer_not_allowed: ['Only payers on a list of the merchant’s may pay here. Nothing was charged.', false],
  request_too_large: ['The body of a paid request is larger than this endpoint takes.', false],
  request_too_slow: ['The body did not come in time. Nothing was charged.', false],
  digest_mismatch: ['The body is not the one that Content-Digest names. Nothing was charged.', false],
  invoice_unknown: ['The invoice id in the payment is not one of ours.', true],
  offer_expired: ['The offer was paid after its time. Nothing was charged.', true],
  offer_withdrawn: ['The offer no longer holds. Nothing was charged.', true],
  not_offered: ['The accepted terms differ from the offer.', true],
  network_mismatch: ['The payment names a network that is not offered.', true],
  resource_mismatch: ['The payment was made for another request.', true],
  asset_mismatch: ['The payment names another token.', true],
  recipient_mismatch: ['The payment goes to another address.', true],
  amount_mismatch: ['The payment has another amount.', true],
  authorization_window: ['The authorization is not valid long enough, or too long.', true],
  signature_invalid: ['The payer did not sign this authorization.', true],
  insufficient_funds: ['The payer holds less than the price.', true],
  verification_refused: ['The network would not carry out this authorization.', true],
  authorization_canceled: ['The payer canceled this authorization.', true],
  settlement_failed: ['The network proved that no money moved.', true],
  transfer_proof_required: [
    'Anybody can read what is on the chain, so it does not say who pays. Sign one of the texts in toSign with the ' +
      'wallet that paid, and send X402-Payment-Tx, X402-Invoice-Id and X402-Payment-Proof.',
    false,
  ],
  transfer_pending: [
    'The transfer is not seen, or not deep enough yet. Send the same request again; pay nothing new.',
    false,
    5,
  ],
  transfer_not_acceptable: ['The transaction does not pay this invoice.', true],
  transfer_short: ['The transfer is smaller than what is due. It was not taken for this invoice.', false],
  transfer_booked_elsewhere: [
    'You sent this transfer, and the books have it elsewhere: under another invoice, whose amount it has, or as money ' +
      'that bought nothing. Pay nothing new. If that invoice is yours, fetch it with its X402-Invoice-Id alone; else ' +
      'tell the merchant the transaction, who decides by hand.',
    false,
  ],
  payment_in_progress: [`The first copy is still running. ${sameAgain}`, false, 2],
  payment_used_elsewhere: ['This payment bought another request.', true],
  invoice_in_progress: ['Another payment of this invoice is running.', false, 2],
  invoice_already_paid: ['Another payer has paid this invoice.', false],
  payment_identifier_required: [
    'Payments must bring an identifier here: fill in extensions.payment-identifier.info.id (x402 version 2).',
    true,
  ],
  payment_identifier_reused: ['This identifier named another request. Take a new one for a new purchase.', false],
  invoice_canceled: ['The merchant canceled this invoice. Nothing was charged.', false],
  offer_already_used: ['An offer buys once; this one bought another request.', true],
  settlement_unavailable: ['Nothing was charged. Try again soon.', false, 10],
  store_unavailable: [
    'No payment can be taken now. Try again soon; whoever has sent a payment sends the same payload again.',
    false,
    5,
  ],
  gate_not_ready: ['No payment can be taken yet. Try again soon.', false, 2],
  gate_busy: [`Too many requests are waiting, so this one was not looked at. ${sameAgain}`, false, 2],
  buyer_gone: ['The connection closed before anything was charged.', false],
  upstream_failed: ['The resource could not be served. Nothing was charged.', false],
  paid_not_served: [
    'The payment stands and the resource failed. Send the same payload again; sign nothing new.',
    false,
  ],
  upstream_timeout: ['The resource took too long. Nothing was charged.', false],
  payment_outcome_unknown: [`The payment may have gone through. ${sameAgain}`, false, 5],
  earlier_payment_unknown: [
    'An earlier payment for this request may have gone through. Send that payload again; this one was not taken.',
    false,
    5,
  ],
  result_gone: ['The payment went through; its answer is no longer kept.', false],
  internal: ['The request could not be handled. Nothing was charged.', false],
};

export const answerCodes = Object.keys(speeches) as AnswerCode[];

/**
 * Codes that bring no offer and are given before anything was sent, so that a buyer may wonder whether it cost something.
 */
const freeCodes = new Set<AnswerCode>([
  'payer_blocked',
  'payer_not_allowed',
  'rate_limited',
  'request_too_large',
  'request_too_slow',
  'digest_mismatch',
  'upstream_failed',
  'upstream_timeout',
]);

const rows = new Map<AnswerCode, AnswerRow>();

/** The answer to a code: its status and title as the contract names them, and what the gate adds. */
export function answerOf(code: AnswerCode): AnswerRow {
  const known = rows.get(code);
  if (known) return known;
  const [detail, isRepayable, retryAfterSeconds = null] = speeches[code];
  const { status, title } = problems[problemCodeOf(code)];
  // A 402's body is a challenge of version 1 as well, which its clients expect as plain JSON.
  const contentType = status === 402 ? 'application/json' : 'application/problem+json';
  const isKnownFree = freeCodes.has(code);
  const row = { status, title, detail, isRepayable, retryAfterSeconds, contentType, isKnownFree };
  rows.set(code, row);
  return row;
}

/** A connection that closed has no reader; whatever is written for it says that the gate could not finish. */
function problemCodeOf(code: AnswerCode): ProblemCode {
  return code === 'buyer_gone' ? 'gate_busy' : code;
}
