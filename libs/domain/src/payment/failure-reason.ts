/** Why an attempt failed: the stable codes of refusals by the verifier, of interruptions and of negative proofs. */
export const failureReasons = [
  // before anything was sent (T3): the claim is released
  'signature_invalid',
  'insufficient_funds',
  'verification_refused',
  'authorization_canceled',
  'authorization_window',
  'transfer_proof_required',
  'nonce_spent_elsewhere',
  'interrupted',
  'settlement_unavailable',
  'upstream_failed',
  'upstream_timeout',
  'buyer_gone',
  'invoice_canceled',
  // proved by the chain (T11): the replay key stays
  'authorization_expired',
  'reverted',
  'transfer_orphaned',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Reasons that mean the buyer's payment itself was refused, so that the intent is told `failed`. */
export const refusalReasons: readonly FailureReason[] = [
  'signature_invalid',
  'insufficient_funds',
  'verification_refused',
  'authorization_canceled',
  'authorization_window',
  'transfer_proof_required',
  'nonce_spent_elsewhere',
];
