import { bookRows, type Row } from './book-rows.js';

/** A write that one rule alone refuses: a valid row with some columns changed, or an update of the seeded row. */
export type RefusedWrite = { readonly insert: Row } | { readonly update: string; readonly after?: readonly string[] };

/** An id that no seeded row has. */
export const otherUuid = '01930000-0000-7000-8000-00000000beef';
const settled = `status = 'confirmed', transfer_id = (select t.transfer_id from transfers t where t.book_id = 1)`;
const sent = `status = 'submitting', sent_at = now()`;

/** Columns that make a second row of a table possible beside the seeded one, where its key alone does not. */
export const freshColumns: Readonly<Record<string, Row>> = {
  allocations: { leg: 1 },
  allowed_payers: { payer: Buffer.alloc(20, 2) },
  api_keys: { api_key_id: '01930000-0000-7000-8000-00000000beee', lookup: 'other' },
  books: { gate_slug: 'other', mode: 'live' },
  chain_checks: { kind: 'final' },
  cursors: { lane: 1 },
  discrepancies: { subject_id: otherUuid },
  endpoints: { path: '/other' },
  events: { sequence: 2 },
  facilitators: { kind: 'remote', url: 'https://other.example' },
  gas_replacements: { tx_hash: Buffer.alloc(32, 99) },
  ledger_accounts: { code: 'other' },
  ledger_entries: { kind: 'loss' },
  hand_links: { done_at: new Date(0) },
  payment_identifiers: { identifier: 'pay_fedcba9876543210' },
  price_versions: { version_no: 2 },
  rate_limit_counts: { starts_at: new Date(0) },
  rate_limit_overrides: { subject: '0x02' },
  reserved_amounts: { amount_atomic: 9_999n },
  rollup_books: { outcome: 'failed' },
  rollup_days: { outcome: 'failed' },
  rollup_hours: { outcome: 'failed' },
  rpc_usage: { month: '2026-12-01' },
  rollup_recency: { previous_day: '2026-11-19' },
  transfers: { position: 1 },
  webhook_recoveries: { done_at: new Date(0) },
};

/**
 * One write per constraint that cannot be derived from its columns (`derive` in `constraints.int.test.ts`). The table
 * is the one whose name begins the constraint's.
 */
export const listedConstraints: Readonly<Record<string, RefusedWrite>> = {
  audit_log_action_dotted: { insert: { audit_seq: 2, action: 'changed' } },
  hand_links_pending: { insert: { hand_link_id: otherUuid } },
  hand_links_refused_is_done: { insert: { hand_link_id: otherUuid, refusal: 'moved on' } },
  idempotency_keys_status_listed: {
    insert: { key: 'second', status: 'lost', lease_until: null, http_status: 200, response_sealed: Buffer.alloc(1) },
  },
  idempotency_keys_running_or_done: { insert: { key: 'second', status: 'done' } },
  rate_limit_counts_not_negative: { update: 'set used = -1' },
  rate_limit_overrides_limit_has_policy: {
    insert: { rate_limit_override_id: otherUuid, subject: '0x02', action: 'limit' },
  },
  rate_limit_overrides_policy_range: {
    insert: {
      rate_limit_override_id: otherUuid,
      subject: '0x02',
      action: 'limit',
      points: 0,
      window_seconds: 60,
      burst: 0,
    },
  },
  allowed_payers_payer: { insert: { allowed_payer_id: otherUuid } },
  rate_limit_overrides_subject: { insert: { rate_limit_override_id: otherUuid } },
  ...Object.fromEntries(
    ['books', 'days', 'deltas', 'hours', 'payers', 'reasons'].map((name): [string, RefusedWrite] => [
      `rollup_${name}_amount_atomic_range`,
      { update: 'set amount_atomic = 2::numeric ^ 256' },
    ]),
  ),
  // Its key would lead to no piece of the table, which is refused first.
  refusal_samples_payer_length: { insert: { payer: Buffer.alloc(1) } },
  refusal_samples_version_listed: { insert: { x402_version: 3 } },
  rollup_recency_order: { insert: { previous_day: '2026-11-20' } },
  api_keys_lookup: { insert: { api_key_id: otherUuid } },
  wallets_book_mode_fk: { insert: { wallet_id: otherUuid, network_id: 2, mode: 'live' } },
  wallets_network_mode_fk: { insert: { wallet_id: otherUuid, network_id: 2 } },
  wallets_address: { insert: { wallet_id: otherUuid } },
  endpoints_route: { insert: { endpoint_id: otherUuid } },
  endpoints_method_upper: { insert: { endpoint_id: otherUuid, method: 'get', path: '/b' } },
  endpoints_path_rooted: { insert: { endpoint_id: otherUuid, path: 'b' } },
  endpoints_caps_not_negative: { update: 'set held_bytes_max = -1' },
  price_versions_number: { insert: { price_version_id: otherUuid } },
  price_versions_one_subject: { insert: { price_version_id: otherUuid, version_no: 2, plan_id: otherUuid } },
  terms_versions_number: { insert: { ...bookRows(2).get('terms_versions'), number: 1 } },
  terms_versions_number_48_bits: { insert: { number: 2n ** 48n } },
  seal_keys_scope_book: { insert: { key_id: 70, scope: 'instance' } },
  seal_keys_window: { insert: { key_id: 70, seal_until: new Date(0) } },
  gas_signers_address: { insert: { gas_signer_id: 70 } },
  merchants_slug: { insert: { merchant_id: otherUuid } },
  merchants_slug_plain: { insert: { merchant_id: otherUuid, slug: 'Not plain' } },
  books_gate_slug: { insert: { book_id: 70, mode: 'live' } },
  books_gate_slug_plain: { insert: { book_id: 70, mode: 'live', gate_slug: 'a/b' } },
  books_merchant_mode: { insert: { book_id: 70, gate_slug: 'other' } },
  merchant_hosts_host_lower: { insert: { host: 'Shop.example' } },
  networks_caip2: { insert: { network_id: 70 } },
  networks_habits_range: { insert: { network_id: 70, caip2: 'eip155:70', final_seconds: 0 } },
  chain_checks_counts: { update: 'set ghost_count = -1' },
  rpc_usage_counts: { update: 'set calls = -1' },
  networks_confirm_depth_known: { insert: { network_id: 70, caip2: 'eip155:1', confirm_depth: null } },
  gas_replacements_tx_hash: { insert: { number: 2 } },
  assets_contract: { insert: { asset_id: 70 } },
  payment_intents_network_chosen: { insert: { intent_id: otherUuid, source: 'api', asset_id: null } },
  payment_intents_offer_complete: { insert: { intent_id: otherUuid, price_version_id: null } },
  payment_intents_endpoint_fk: {
    insert: {
      intent_id: otherUuid,
      source: 'api',
      terms_number: null,
      price_version_id: null,
      endpoint_id: otherUuid,
    },
  },
  payment_intents_failed_has_reason: { update: `set status = 'failed', sequence = sequence + 1` },
  payment_intents_failure_reason_listed: {
    update: `set status = 'failed', failure_reason = 'because', sequence = sequence + 1`,
  },
  payment_intents_invoice_number: { update: `set invoice_year = 2026` },
  payment_intents_confirmed_has_number: {
    update: `set status = 'confirmed', sequence = sequence + 1, confirmed_at = now()`,
  },
  payment_intents_final_has_time: {
    after: [
      `update payment_intents set status = 'confirmed', sequence = sequence + 1, confirmed_at = now(),
         invoice_year = 2026, invoice_no = 1 where book_id = 1`,
    ],
    update: `set status = 'final', sequence = sequence + 1`,
  },
  payment_intents_invoice: {
    after: [
      `insert into payment_intents (book_id, intent_id, invoice_id, source, amount_atomic, expires_at)
         values (1, '${otherUuid}', decode(repeat('00', 50), 'hex'), 'api', 1, now())`,
      `update payment_intents set invoice_year = 2026, invoice_no = 1 where book_id = 1 and intent_id = '${otherUuid}'`,
    ],
    update: `set invoice_year = 2026, invoice_no = 1`,
  },
  payment_intents_reserved_below_price: { update: `set reserved_atomic = amount_atomic + 1` },
  reserved_amounts_intent: { insert: { amount_atomic: 9_999n } },
  reserved_amounts_wallet_fk: { update: `set wallet_id = '${otherUuid}'` },
  reserved_amounts_asset_fk: { update: 'set asset_id = 30000' },
  reserved_amounts_positive: { update: 'set amount_atomic = 0' },
  payment_intents_payer_length: { update: `set payer = '\\x00'` },
  payment_intents_amount_refunded_atomic_range: { update: `set amount_refunded_atomic = -1` },
  payment_identifiers_identifier_spelled: { insert: { identifier: 'order 1' } },
  attempts_live: { insert: { attempt_id: otherUuid } },
  attempts_released_before_sent: { update: `set released_at = now()` },
  attempts_sent_has_time: { update: `set status = 'submitting'` },
  attempts_failed_has_end: { update: `set status = 'failed', reason = 'interrupted'` },
  attempts_failed_has_reason: { update: `set status = 'failed', reason = 'because', released_at = now()` },
  attempts_authorization_complete: { insert: { attempt_id: otherUuid, payer: null } },
  attempts_final_keeps_no_payload: {
    after: [
      `update attempts set ${sent} where book_id = 1`,
      `update attempts set status = 'confirmed' where book_id = 1`,
    ],
    update: `set status = 'final'`,
  },
  attempts_gas_nonce_drawn: { update: `set gas_nonce = 1` },
  attempts_facilitator_fk: { update: `set facilitator_id = '${otherUuid}'` },
  attempts_one_facilitator: {
    update: `set facilitator_id = (select f.facilitator_id from facilitators f where f.book_id = 1), gas_nonce = 1,
      signed_tx = '\\x00', gas_signer_id = 1`,
  },
  attempts_gas_signer_fk: {
    update: `set gas_nonce = 1, signed_tx = '\\x00', gas_signer_id = 70`,
  },
  transfers_place: { insert: { transfer_id: otherUuid } },
  transfers_from_wallet_fk: { insert: { transfer_id: otherUuid, position: 1, from_wallet_id: otherUuid } },
  transfers_to_wallet_fk: { insert: { transfer_id: otherUuid, position: 1, to_wallet_id: otherUuid } },
  transfers_own_wallet: { insert: { transfer_id: otherUuid, to_wallet_id: null } },
  cursors_confirmed_known: { update: `set confirmed_number = 3` },
  cursors_safe_known: { update: `set safe_number = 3` },
  cursors_final_known: { update: `set final_number = 3` },
  cursors_head_is_highest: { update: `set final_number = 10, final_hash = head_hash` },
  cursors_frozen_has_reason: { update: `set frozen_at = now()` },
  coverage_open: { insert: { from_block: 7 } },
  coverage_interval: { insert: { from_block: 7, to_block: 6 } },
  allocations_active: { insert: { allocation_id: otherUuid } },
  allocations_payment_has_intent: { insert: { allocation_id: otherUuid, leg: 1, intent_id: null } },
  allocations_hand_has_actor: { insert: { allocation_id: otherUuid, leg: 1, matched_by: 'hand' } },
  allocations_forgiven_pays: {
    insert: { allocation_id: otherUuid, leg: 1, bucket: 'partial', forgiven_atomic: 1n },
  },
  allocations_refund_has_refund: {
    insert: { allocation_id: otherUuid, leg: 1, bucket: 'refund' },
  },
  allocations_refund_fk: { insert: { allocation_id: otherUuid, leg: 1, bucket: 'refund', refund_id: otherUuid } },
  refunds_transfer: {
    after: [
      `insert into refunds (book_id, refund_id, intent_id, network_id, asset_id, to_address, amount_atomic, after_block,
          reason, actor_id)
        select book_id, '${otherUuid}', intent_id, network_id, asset_id, to_address, 1, after_block, reason, actor_id
        from refunds where book_id = 1`,
      `update refunds set ${settled} where book_id = 1 and refund_id = '${otherUuid}'`,
    ],
    update: `set ${settled}`,
  },
  refunds_transfer_fk: { update: `set status = 'confirmed', transfer_id = '${otherUuid}'` },
  refunds_amount_positive: { insert: { refund_id: otherUuid, amount_atomic: 0n } },
  refunds_returned_in_amount: { update: `set ${settled}, returned_atomic = 4001` },
  refunds_settled_has_transfer: { update: `set status = 'confirmed'` },
  refunds_returned_is_settled: { update: `set returned_atomic = 1` },
  discrepancies_open: { insert: { discrepancy_id: otherUuid } },
  discrepancies_closed_has_resolution: { insert: { discrepancy_id: otherUuid, closed_at: new Date() } },
  ledger_accounts_code: { insert: { account_id: 70 } },
  ledger_entries_cause: { insert: { entry_seq: 70 } },
  ledger_entries_period_month: { insert: { entry_seq: 70, kind: 'loss', period: '2026-13' } },
  ledger_postings_two_accounts: { insert: { leg: 1, credit_account_id: 1 } },
  events_sequence: { insert: { event_id: otherUuid } },
  events_type_dotted: { insert: { event_id: otherUuid, sequence: 2, type: 'confirmed' } },
  events_sequence_of_intent: { insert: { event_id: otherUuid, sequence: null } },
  facilitators_built_in: { insert: { facilitator_id: otherUuid } },
  facilitators_kind_listed: { insert: { facilitator_id: otherUuid, kind: 'friendly', url: 'https://a.example' } },
  facilitators_auth_listed: { update: `set auth = 'trust', credentials_sealed = '\\x00'` },
  facilitators_remote_has_url: { update: `set url = 'https://a.example'` },
  facilitators_auth_has_credentials: { update: `set auth = 'cdp'` },
  facilitators_position_range: { update: 'set position = -1' },
  facilitators_archived_is_off: { update: 'set archived_at = now()' },
  webhook_endpoints_events_named: { update: `set events = '{}'` },
  webhook_endpoints_disabled_reason_listed: { update: `set is_enabled = false, disabled_reason = 'because'` },
  webhook_endpoints_disabled_has_cause: { update: `set archived_at = now()` },
  deliveries_event: { insert: { delivery_id: otherUuid } },
  deliveries_due_or_done: { update: `set done_at = now()` },
  webhook_recoveries_running: { insert: { webhook_recovery_id: otherUuid } },
  webhook_recoveries_counts_not_negative: { update: 'set resent = -1' },
  delivery_attempts_response_body_kept: { update: `set response_body = repeat('x', 16385)` },
  paid_answers_http_status_range: { update: `set http_status = 99` },
  schedule_runs_finished_has_outcome: { update: `set finished_at = now()` },
  books_proofs_closing_atomic_range: { insert: { books_proof_id: otherUuid, closing_atomic: 2n ** 256n } },
  books_proofs_difference_atomic_range: { insert: { books_proof_id: otherUuid, difference_atomic: -(2n ** 256n) } },
  books_proofs_opening_atomic_range: {
    insert: { books_proof_id: otherUuid, opening_atomic: -1n, closing_atomic: 9_999n, difference_atomic: 1n },
  },
  books_proofs_in_atomic_range: {
    insert: { books_proof_id: otherUuid, in_atomic: -1n, closing_atomic: -1n, difference_atomic: 10_001n },
  },
  books_proofs_out_atomic_range: {
    insert: { books_proof_id: otherUuid, out_atomic: -1n, closing_atomic: 10_001n, difference_atomic: -1n },
  },
  books_proofs_on_chain_atomic_range: {
    insert: { books_proof_id: otherUuid, on_chain_atomic: -1n, difference_atomic: -10_001n },
  },
  books_proofs_closing_sum: { insert: { books_proof_id: otherUuid, in_atomic: 9_999n } },
  books_proofs_difference_sum: { insert: { books_proof_id: otherUuid, on_chain_atomic: 9_999n } },
};

/** Constraints that no write of a role can break, and why. */
export const exemptConstraints: Readonly<Record<string, string>> = {
  networks_mode: 'follows from the primary key; there for the foreign key of wallets',
  assets_network: 'follows from the primary key; there for foreign keys',
  books_mode: 'follows from the primary key; there for the foreign key of wallets',
  wallets_network: 'follows from the primary key; there for foreign keys',
  terms_versions_subject: 'follows from the primary key; there for the foreign key of intents',
  payment_intents_status_listed: 'an unlisted status is no birth and no move: the triggers come first',
  payment_intents_sequence_range: 'born 0 or 1, and never lower: the triggers come first',
  deliveries_status_listed: 'an unlisted status is no birth and no move: the triggers come first',
  deliveries_tries_range: 'born 0, and never lower: the triggers come first',
  coverage_to_block_range: 'an end below zero lies before its beginning, which is refused first',
  attempts_status_listed: 'an unlisted status is no birth and no move: the triggers come first',
  attempts_epoch_positive: 'born 1, and never lower: the triggers come first',
};

/** A write for each rule that a trigger upholds, as a role that has the privilege. */
export const listedTriggers: Readonly<Record<string, RefusedWrite>> = {
  payment_intents_born: { insert: { intent_id: otherUuid, status: 'processing', sequence: 1 } },
  payment_intents_frozen_terms: { update: `set amount_atomic = 1` },
  payment_intents_moves: { update: `set status = 'unknown', sequence = sequence + 1` },
  payment_intents_next_sequence: { update: `set status = 'processing'` },
  payment_intents_kept_number: {
    after: [`update payment_intents set invoice_year = 2026, invoice_no = 1 where book_id = 1`],
    update: `set invoice_no = 2`,
  },
  payment_intents_kept_amount: {
    after: [`update payment_intents set reserved_atomic = 9 where book_id = 1`],
    update: `set reserved_atomic = 8`,
  },
  refunds_within_received: { insert: { refund_id: otherUuid, amount_atomic: 6_001n } },
  refunds_guard: { update: `set amount_atomic = 1` },
  reserved_amounts_kept: { update: `set intent_id = '${otherUuid}'` },
  attempts_born: { insert: { attempt_id: otherUuid, status: 'verified' } },
  attempts_identity: { update: `set amount_atomic = 1` },
  attempts_sent_once: {
    after: [`update attempts set ${sent} where book_id = 1`],
    update: `set sent_at = null, status = 'failed', reason = 'interrupted', released_at = now()`,
  },
  attempts_released_once: {
    after: [`update attempts set status = 'failed', reason = 'interrupted', released_at = now() where book_id = 1`],
    update: `set released_at = null`,
  },
  attempts_moves: { update: `set status = 'confirmed', sent_at = now()` },
  attempts_epoch_rises: { update: `set epoch = 0` },
  attempts_facilitator_once: {
    after: [
      `update attempts set facilitator_id = (select f.facilitator_id from facilitators f where f.book_id = 1) where book_id = 1`,
    ],
    update: 'set facilitator_id = null',
  },
  attempts_gas_nonce_once: {
    after: [`update attempts set gas_nonce = 1, signed_tx = '\\x00', gas_signer_id = 1 where book_id = 1`],
    update: `set gas_nonce = 2`,
  },
  transfers_only_orphan: { update: `set memo = 'changed'` },
  allocations_only_reverse: { update: `set bucket = 'late'` },
  deliveries_born: { insert: { delivery_id: otherUuid, tries: 1 } },
  deliveries_identity: { update: `set webhook_endpoint_id = '${otherUuid}'` },
  deliveries_moves: {
    after: [`update deliveries set status = 'delivered', next_attempt_at = null, done_at = now() where book_id = 1`],
    update: `set status = 'dropped'`,
  },
  deliveries_tries_rise: {
    after: [`update deliveries set tries = 3 where book_id = 1`],
    update: `set tries = 2`,
  },
  terms_versions_set_once: {
    after: [`update terms_versions set revoked_at = now() where book_id = 1`],
    update: `set revoked_at = null`,
  },
  replay_keys_release_only: { update: 'delete' },
};
