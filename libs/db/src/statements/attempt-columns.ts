const columns = [
  'book_id',
  'attempt_id',
  'intent_id',
  'network_id',
  'asset_id',
  'replay_key',
  'kind',
  'payer',
  'nonce',
  'amount_atomic',
  'valid_before',
  'request_fingerprint',
  'client_net',
  'client',
  'x402_version',
  'status',
  'reason',
  'raw_reason',
  'evidence',
  'epoch',
  'lease_owner',
  'lease_until',
  'sent_at',
  'submitted_at',
  'served_at',
  'released_at',
  'check_at',
  'last_sent_at',
  'resent_count',
  'tx_hash',
  'gas_signer_id',
  'gas_nonce',
  'signed_tx',
  'facilitator_id',
  'settle_mode',
  'rerun_count',
  'claimed_tx_hash',
  'created_at',
];

/** The columns of an attempt's row, read from the table (or composite value) called `from`. */
export function attemptColumns(from: string): string {
  return columns.map((column) => `${from}.${column}`).join(', ');
}

/** Whether the lease of the attempt called `attempt` lapsed, or its owner has not been seen for ten seconds. */
export function isLapsed(attempt: string): string {
  return `(${attempt}.lease_owner is null or ${attempt}.lease_until < now() or not exists (
    select from gate_processes g
    where g.boot_id = ${attempt}.lease_owner and g.seen_at > now() - interval '10 seconds'
  ))`;
}

/** Everything that `AttemptRow` holds, of the table called `attempt`. */
export function attemptRow(attempt: string): string {
  return `${attemptColumns(attempt)}, ${isLapsed(attempt)} as can_be_taken_over`;
}
