/**
 * Every code of a refusal, with the HTTP status it usually has and its title. The codes are a promise: none is renamed
 * or taken for something else. Where a status follows the upstream's (`upstream_failed`, `paid_not_served`), the one
 * here is that of a broken upstream.
 */
export const problems = {
  // asked of the merchant API
  authentication_required: { status: 401, title: 'An API key is needed' },
  api_key_invalid: { status: 401, title: 'The API key is not valid' },
  permission_missing: { status: 403, title: 'This caller may not do this' },
  not_found: { status: 404, title: 'There is no such thing' },
  request_invalid: { status: 400, title: 'The request has a mistake' },
  parameter_unknown: { status: 400, title: 'A parameter is not known here' },
  parameter_invalid: { status: 400, title: 'A parameter has a wrong value' },
  cursor_invalid: { status: 400, title: 'The cursor is not one of ours' },
  network_unknown: { status: 400, title: 'The network is not known here' },
  content_type_unsupported: { status: 415, title: 'The content type is not spoken here' },
  idempotency_key_required: { status: 400, title: 'An Idempotency-Key is needed' },
  idempotency_key_reused: { status: 409, title: 'The Idempotency-Key was used for another request' },
  idempotency_in_progress: { status: 409, title: 'The same request is still running' },
  block_not_confirmed: { status: 409, title: 'The block is not confirmed yet' },
  chain_unavailable: { status: 503, title: 'The chain cannot be read now' },

  // any request
  path_not_canonical: { status: 400, title: 'The path has more than one spelling' },
  parameter_ambiguous: { status: 400, title: 'A priced parameter was given twice' },
  endpoint_unknown: { status: 404, title: 'Nothing is sold here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed' },
  request_too_large: { status: 413, title: 'The request is too large' },
  host_unknown: { status: 421, title: 'The host is not served here' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something is broken on our side' },
  upgrade_not_supported: { status: 501, title: 'The connection cannot be upgraded' },
  store_unavailable: { status: 503, title: 'The database cannot be reached now' },

  // a payment that cannot be read
  payment_malformed: { status: 400, title: 'The payment cannot be read' },
  payment_header_unsupported: { status: 400, title: 'The payment came in a header that is not read' },
  version_unsupported: { status: 400, title: 'The protocol version is not spoken' },
  payment_identifier_required: { status: 400, title: 'A payment identifier is needed' },

  // a payment is needed, or another one
  payment_required: { status: 402, title: 'Payment required' },
  invoice_unknown: { status: 402, title: 'The invoice is not one of ours' },
  offer_expired: { status: 402, title: 'The offer has expired' },
  offer_withdrawn: { status: 402, title: 'The offer was withdrawn' },
  offer_already_used: { status: 402, title: 'The offer has bought something already' },
  not_offered: { status: 402, title: 'This was not offered' },
  network_mismatch: { status: 402, title: 'The network is not the one offered' },
  asset_mismatch: { status: 402, title: 'The asset is not the one offered' },
  recipient_mismatch: { status: 402, title: 'The recipient is not the one offered' },
  amount_mismatch: { status: 402, title: 'The amount is not the one offered' },
  resource_mismatch: { status: 402, title: 'The offer was made for another request' },
  authorization_window: { status: 402, title: 'The authorization is not valid for long enough, or for too long' },
  signature_invalid: { status: 402, title: 'The signature is not valid' },
  insufficient_funds: { status: 402, title: 'The payer does not hold enough' },
  verification_refused: { status: 402, title: 'The payment would fail' },
  authorization_canceled: { status: 402, title: 'The authorization was canceled' },
  settlement_failed: { status: 402, title: 'The payment failed on chain' },
  pass_invalid: { status: 402, title: 'The pass is not valid' },
  pass_exhausted: { status: 402, title: 'The pass is used up' },
  wallet_proof_invalid: { status: 402, title: 'The wallet proof is not valid' },
  transfer_not_acceptable: { status: 402, title: 'The transfer does not pay this' },

  // a payment that meets another
  payment_in_progress: { status: 409, title: 'The payment is still being taken' },
  payment_used_elsewhere: { status: 409, title: 'The payment has bought something else' },
  payment_identifier_reused: { status: 409, title: 'The payment identifier was used for another request' },
  invoice_in_progress: { status: 409, title: 'Another payment of the invoice is running' },
  invoice_already_paid: { status: 409, title: 'The invoice is paid' },
  invoice_canceled: { status: 409, title: 'The invoice was canceled' },
  transfer_short: { status: 409, title: 'The transfer is too small' },
  result_gone: { status: 410, title: 'What was bought is no longer kept' },
  payer_blocked: { status: 403, title: 'The payer is blocked' },
  payer_not_allowed: { status: 403, title: 'The payer is not on the list' },
  transfer_proof_required: { status: 403, title: 'A proof of the payer is needed' },

  // an outcome that is not known, or a seller that cannot take payments
  payment_outcome_unknown: { status: 503, title: 'The outcome of the payment is not known yet' },
  earlier_payment_unknown: { status: 503, title: 'The outcome of an earlier payment is not known yet' },
  transfer_pending: { status: 503, title: 'The transfer is not deep enough yet' },
  settlement_unavailable: { status: 503, title: 'Payments cannot be settled now' },
  gate_not_ready: { status: 503, title: 'The gate is starting or has lost its configuration' },
  gate_busy: { status: 503, title: 'The gate is full' },
  upstream_failed: { status: 502, title: 'The upstream failed; nothing was charged' },
  upstream_timeout: { status: 504, title: 'The upstream did not answer in time; nothing was charged' },
  paid_not_served: { status: 502, title: 'Paid, but not served; retry the same payment' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problems;
