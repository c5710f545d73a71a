/** What to do about a payment that was refused or failed, by its reason: one step, and whose it is. */
export const nextSteps: Readonly<Record<string, string>> = {
  payment_malformed: 'The buyer’s client sends a header that cannot be read: show its author the detail beside this.',
  payment_header_unsupported:
    'The buyer’s client uses the header of an older draft: it sends PAYMENT-SIGNATURE or X-PAYMENT.',
  payment_identifier_required:
    'The buyer’s client fills in extensions.payment-identifier.info.id, or you stop asking for it.',
  payment_identifier_reused: 'The buyer’s client takes a new identifier for a new purchase.',
  version_unsupported: 'The buyer’s client speaks x402 version 1 or 2, each in its own header.',
  not_offered: 'The buyer’s client returns the accepted terms as the offer gave them.',
  network_mismatch: 'The buyer pays on a network of the offer, or you receive on theirs.',
  resource_mismatch: 'The buyer asks for an offer of this very request, and pays that one.',
  asset_mismatch: 'The buyer pays in the token of the offer.',
  recipient_mismatch: 'The buyer’s client pays to the address of the offer: look whether it keeps an old one.',
  amount_mismatch: 'The buyer’s client signs the amount of the offer: look whether it keeps an old price.',
  authorization_window: 'The buyer’s client signs for the time that the offer names: look at its clock.',
  signature_invalid:
    'Another key signed than the payer’s: the buyer’s client looks at its chain id, token name and version.',
  insufficient_funds: 'The buyer tops up their wallet and sends the same payment again.',
  verification_refused: 'The token itself would refuse this transfer: the node’s own words are beside this.',
  authorization_canceled: 'The payer canceled this authorization: the buyer signs a new one.',
  authorization_expired: 'It was sent and never mined in its time: see the facilitator under Health.',
  transfer_proof_required:
    'What is on the chain is public, so the buyer signs the text of the answer with the wallet that paid.',
  transfer_not_acceptable: 'The transaction does not pay this invoice: money that came is under Unmatched.',
  transfer_pending: 'The transfer was not seen in time: the buyer sends the same request again.',
  transfer_booked_elsewhere:
    'The payer proved a transfer that is booked under another invoice: look the transaction up, and send it back or serve them.',
  transfer_short: 'The transfer is too small and stands under Unmatched: link it by hand, or send it back.',
  nonce_spent_elsewhere: 'The authorization was used for another transfer: the buyer signs a new one.',
  interrupted:
    'A process ended while it worked on this; nothing was charged, and the buyer sends the same payment again.',
  settlement_unavailable: 'Nobody could settle on this network: see facilitators and networks under Health.',
  upstream_failed: 'Your upstream answered with an error, and nothing was charged: look at its log.',
  upstream_timeout: 'Your upstream took too long, and nothing was charged: look at its log, or allow it more time.',
  paid_not_served: 'The payment stands and your upstream failed: the buyer sends the same payment again.',
  buyer_gone: 'The buyer hung up before anything was charged.',
  invoice_canceled: 'You canceled this invoice; make a new one if it shall be paid.',
  invoice_unknown: 'The reference is not one of ours: the buyer asks for an offer here, of this mode.',
  offer_expired: 'The buyer asks for a new offer, and pays it in time.',
  offer_withdrawn: 'The buyer asks for a new offer: these terms hold no more.',
  offer_already_used: 'The buyer asks for a new offer: one buys once.',
  invoice_in_progress: 'Another payment of this invoice is running; nothing to do.',
  invoice_already_paid: 'Somebody else paid this invoice; nothing to do.',
  payment_in_progress: 'The first copy was still running; nothing to do.',
  payment_used_elsewhere: 'This payment bought another request: the buyer signs a new one.',
  reverted: 'The transaction was mined and failed: the buyer pays again.',
  transfer_orphaned:
    'The network dropped the transaction and had it in no block while the offer lasted: the buyer takes a new offer.',
  payer_blocked: 'You blocked this payer: take the block away under Rate limits if they may buy.',
  payer_not_allowed: 'Only payers on your list may pay here: add them under Rate limits if they may buy.',
  rate_limited: 'The payer was over a limit of yours: raise it, or make an exception.',
  request_too_large: 'The request’s body is larger than this endpoint takes, or names no Content-Digest.',
  request_too_slow: 'The request’s body stopped on its way. The client sends it again.',
  digest_mismatch: 'The request’s body was changed on its way, or its Content-Digest is of another one.',
  store_unavailable: 'The database did not answer: see Health.',
  gate_busy: 'Too many requests waited at once: see Health.',
  internal: 'A fault of ours: the log has the request.',
};

/** What to do where the money of a payment came after it had ended, whatever it had failed by. */
export const lateMoneySteps = {
  open:
    'The money came after this had ended, and the buyer was told that it failed: send it back, or keep it and say so ' +
    'in the inbox.',
  closed: 'The money came after this had ended, and that was dealt with; nothing to do.',
} as const;

/** The step for a reason; where this release knows none, where to read on. */
export function nextStep(reason: string): string {
  return nextSteps[reason] ?? 'See docs/x402.md for what this code means.';
}
