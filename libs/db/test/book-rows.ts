import { uuidV7 } from '@tollbook/domain';
import type { ClientBase } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

/** A UUIDv7 of this very moment, the same for the same place and book. */
const startedAt = Date.now();
function uuid(place: number, bookId: number): string {
  return uuidV7(startedAt, new Uint8Array(10).fill(place).fill(bookId, 9));
}

/** Test bytes that differ by book, so that no unique key of one book meets the other's. */
function bytes(length: number, value: number): Buffer {
  return Buffer.alloc(length, value);
}

/**
 * One row of each table that belongs to a book, in an order that satisfies every foreign key. All of them are valid,
 * so a test changes one column and knows what is refused.
 */
export function bookRows(bookId: number): ReadonlyMap<string, Row> {
  const book_id = bookId;
  const hash = bytes(32, bookId);
  const address = bytes(20, bookId);
  const now = new Date(startedAt);
  const later = new Date(startedAt + 300_000);
  const day = '2026-11-20';
  const total = { count: 1, amount_atomic: 10_000n };
  const [merchant_id, wallet_id, endpoint_id, intent_id, attempt_id, transfer_id, allocation_id, event_id] = [
    1, 2, 3, 4, 5, 6, 7, 8,
  ].map((place) => uuid(place, bookId));
  const webhook_endpoint_id = uuid(17, bookId);
  return new Map<string, Row>([
    ['merchants', { merchant_id, slug: `merchant-${bookId}`, name: 'Merchant' }],
    ['books', { book_id, merchant_id, mode: 'test', gate_slug: `gate-${bookId}` }],
    ['merchant_hosts', { host: `shop-${bookId}.example`, book_id }],
    [
      'api_keys',
      { book_id, api_key_id: uuid(9, bookId), name: 'key', lookup: `k${bookId}`, key_hash: hash, scopes: ['read'] },
    ],
    ['api_key_uses', { book_id, api_key_id: uuid(9, bookId) }],
    [
      'idempotency_keys',
      {
        book_id,
        route: 'POST /v1/endpoints',
        key: 'first',
        fingerprint: hash,
        status: 'running',
        lease_until: later,
        keep_until: later,
      },
    ],
    ['wallets', { book_id, wallet_id, mode: 'test', network_id: 1, address }],
    ['wallet_assets', { book_id, wallet_id, asset_id: 1, watch_from_block: 0 }],
    [
      'wallet_assignments',
      { book_id, wallet_assignment_id: uuid(10, bookId), network_id: 1, wallet_id, effective_from: now },
    ],
    ['endpoints', { book_id, endpoint_id, method: 'GET', path: '/a', settle_mode: 'after', timeout_ms: 30_000 }],
    [
      'rate_limit_overrides',
      {
        book_id,
        rate_limit_override_id: uuid(18, bookId),
        subject_kind: 'payer',
        subject: '0x01',
        endpoint_id,
        action: 'block',
        actor_id: 'owner',
      },
    ],
    [
      'allowed_payers',
      {
        book_id,
        allowed_payer_id: uuid(21, bookId),
        endpoint_id,
        payer: Buffer.alloc(20, 1),
        actor_id: 'owner',
      },
    ],
    [
      'rate_limit_counts',
      {
        book_id,
        endpoint_id,
        side: 'paid',
        subject: '',
        starts_at: now,
        allowed: 1,
        throttled: 0,
        last_seen_at: now,
      },
    ],
    ['rate_limit_counters', { key: `counter-${bookId}` }],
    ['worker_processes', { boot_id: uuid(19, bookId), report: {} }],
    [
      'price_versions',
      {
        book_id,
        price_version_id: uuid(11, bookId),
        endpoint_id,
        version_no: 1,
        model: 'fixed',
        effective_from: now,
        author: 'test',
      },
    ],
    [
      'price_amounts',
      { book_id, price_version_id: uuid(11, bookId), network_id: 1, asset_id: 1, amount_atomic: 10_000n },
    ],
    [
      'terms_versions',
      {
        book_id,
        number: bookId,
        endpoint_id,
        price_version_id: uuid(11, bookId),
        settle_mode: 'after',
        offer_ttl_s: 300,
        max_timeout_s: 300,
        priced_query: [],
        prices_body: false,
        networks: '{}',
        in_force_from: now,
      },
    ],
    [
      'seal_keys',
      {
        key_id: bookId,
        scope: 'delegated',
        for_book_id: book_id,
        secret_sealed: hash,
        seal_from: now,
        seal_until: later,
      },
    ],
    ['audit_heads', { merchant_id, audit_seq: 1, chain_hash: hash }],
    [
      'audit_log',
      {
        merchant_id,
        audit_seq: 1,
        mode: 'test',
        actor_kind: 'user',
        actor_id: 'owner',
        actor_name: 'Owner',
        action: 'price.changed',
        target_kind: 'endpoint',
        target_id: 'ep_1',
        reason: '',
        chain_hash: hash,
      },
    ],
    ['data_keys', { key_id: bookId, merchant_id, wrapped_key: hash }],
    ['facilitators', { book_id, facilitator_id: uuid(21, bookId), kind: 'built_in', name: 'Our own', position: 0 }],
    ['gas_signers', { gas_signer_id: bookId, network_id: 1, address, key_sealed: hash }],
    [
      'payment_intents',
      {
        book_id,
        intent_id,
        invoice_id: bytes(50, bookId),
        source: 'gate',
        terms_number: bookId,
        endpoint_id,
        price_version_id: uuid(11, bookId),
        network_id: 1,
        asset_id: 1,
        wallet_id,
        amount_atomic: 10_000n,
        expires_at: later,
      },
    ],
    ['replay_keys', { book_id, network_id: 1, replay_key: hash, attempt_id }],
    [
      'attempts',
      {
        book_id,
        attempt_id,
        intent_id,
        network_id: 1,
        asset_id: 1,
        replay_key: hash,
        kind: 'authorization',
        scheme: 'exact',
        payer: address,
        nonce: hash,
        amount_atomic: 10_000n,
        valid_before: later,
        request_fingerprint: hash,
        x402_version: 2,
        payload_sealed: hash,
        lease_owner: uuid(13, bookId),
        lease_until: later,
      },
    ],
    ['gas_replacements', { book_id, attempt_id, number: 1, tx_hash: hash, signed_tx: hash }],
    [
      'payment_identifiers',
      { book_id, payer: address, identifier: 'pay_0123456789abcdef', attempt_id, request_fingerprint: hash },
    ],
    ['gate_processes', { boot_id: uuid(13, bookId) }],
    [
      'paid_answers',
      { book_id, attempt_id, http_status: 200, headers_sealed: hash, body_sealed: hash, expires_at: later },
    ],
    [
      'transfers',
      {
        book_id,
        transfer_id,
        network_id: 1,
        block_number: 5,
        block_hash: hash,
        block_time: now,
        tx_hash: hash,
        position: 0,
        asset_id: 1,
        from_address: bytes(20, 100),
        to_address: address,
        to_wallet_id: wallet_id,
        amount_atomic: 10_000n,
        replay_key: hash,
      },
    ],
    ['cursors', { network_id: bookId, head_number: 9, head_hash: hash }],
    [
      'reserved_amounts',
      {
        book_id,
        network_id: 1,
        asset_id: 1,
        wallet_id,
        amount_atomic: 10_000n,
        intent_id,
        after_block: 0,
      },
    ],
    ['coverage', { book_id, wallet_id, asset_id: 1, from_block: 0 }],
    [
      'chain_checks',
      {
        network_id: bookId,
        kind: 'overlap',
        through_number: 5,
        through_hash: hash,
        is_other_node: true,
        checked_at: now,
      },
    ],
    ['rpc_usage', { network_id: bookId, node: 'node 1', month: '2026-11-01', requests: 3, calls: 9 }],
    ['block_headers', { network_id: 1, block_hash: hash, number: 5, parent_hash: bytes(32, 9), time: now }],
    [
      'allocations',
      {
        book_id,
        allocation_id,
        transfer_id,
        intent_id,
        bucket: 'payment',
        amount_atomic: 10_000n,
        matched_by: 'nonce',
      },
    ],
    [
      'refunds',
      {
        book_id,
        refund_id: uuid(24, bookId),
        intent_id,
        network_id: 1,
        asset_id: 1,
        to_address: bytes(20, 100),
        amount_atomic: 4_000n,
        after_block: 9,
        reason: 'the buyer wrote',
        actor_id: 'key_a',
      },
    ],
    [
      'discrepancies',
      { book_id, discrepancy_id: uuid(14, bookId), kind: 'over', subject_id: transfer_id, intent_id, transfer_id },
    ],
    [
      'hand_links',
      {
        book_id,
        hand_link_id: uuid(18, bookId),
        discrepancy_id: uuid(14, bookId),
        transfer_id,
        intent_id,
        actor_id: 'key_a',
        reason: 'the buyer wrote',
      },
    ],
    ['tolerances', { book_id, asset_id: 1, amount_atomic: 10n, actor_id: 'key_a' }],
    ['ledger_accounts', { book_id, account_id: 1, code: 'assets:wallet', kind: 'asset', endpoint_id, wallet_id }],
    ['ledger_heads', { book_id }],
    [
      'ledger_entries',
      {
        book_id,
        entry_seq: 1,
        kind: 'payment_confirmed',
        cause_kind: 'allocation',
        cause_id: allocation_id,
        intent_id,
        network_id: 1,
        block_number: 5,
        effective_at: now,
        local_day: '2026-11-20',
        period: '2026-11',
        chain_hash: hash,
      },
    ],
    [
      'ledger_postings',
      {
        book_id,
        entry_seq: 1,
        leg: 0,
        debit_account_id: 1,
        credit_account_id: 2,
        asset_id: 1,
        amount_atomic: 10_000n,
      },
    ],
    ['invoice_counters', { book_id, invoice_year: 2026, last_no: 1 }],
    ['events', { book_id, event_id, type: 'payment_intent.processing', intent_id, sequence: 1, body_hash: hash }],
    ['event_bodies', { book_id, event_id, body: '{}' }],
    ['outbox', { outbox_id: bookId, book_id, event_id }],
    ['event_feed', { book_id, position: 1, event_id }],
    ['feed_heads', { book_id }],
    ['webhook_endpoints', { book_id, webhook_endpoint_id, url: 'https://shop.example/hook', events: ['*'] }],
    [
      'webhook_secrets',
      { book_id, webhook_secret_id: uuid(18, bookId), webhook_endpoint_id, secret_sealed: bytes(64, bookId) },
    ],
    ['deliveries', { book_id, delivery_id: uuid(19, bookId), event_id, webhook_endpoint_id, next_attempt_at: now }],
    [
      'webhook_recoveries',
      { book_id, webhook_recovery_id: uuid(21, bookId), webhook_endpoint_id, since: now, total: 1 },
    ],
    [
      'delivery_attempts',
      { book_id, delivery_attempt_id: uuid(20, bookId), delivery_id: uuid(19, bookId), started_at: now },
    ],
    ['schedule_runs', { schedule_run_id: uuid(15, bookId), name: 'prove', started_at: now }],
    [
      'books_proofs',
      {
        book_id,
        books_proof_id: uuid(16, bookId),
        wallet_id,
        asset_id: 1,
        block_number: 5,
        block_hash: hash,
        opening_atomic: 0n,
        in_atomic: 10_000n,
        out_atomic: 0n,
        closing_atomic: 10_000n,
        on_chain_atomic: 10_000n,
        difference_atomic: 0n,
      },
    ],
    ['leases', { name: `lease-${bookId}` }],
    ['rollup_books', { book_id, day, network_id: 1, asset_id: 1, outcome: 'final', ...total }],
    ['rollup_days', { book_id, day, endpoint_id, network_id: 1, asset_id: 1, outcome: 'final', ...total }],
    ['rollup_hours', { book_id, hour: now, endpoint_id, network_id: 1, asset_id: 1, outcome: 'final', ...total }],
    ['rollup_reasons', { book_id, day, endpoint_id, reason: 'insufficient_funds', asset_id: 1, ...total }],
    ['rollup_payers', { book_id, day, payer: address, network_id: 1, asset_id: 1, ...total }],
    ['rollup_recency', { book_id, day, previous_day: '-infinity', payers: 1 }],
    ['rollup_accounts', { book_id, day, account_id: 1, asset_id: 1, debit_atomic: 10_000n, credit_atomic: 0n }],
    [
      'rollup_deltas',
      {
        delta_id: bookId,
        book_id,
        day,
        hour: now,
        endpoint_id,
        network_id: 1,
        asset_id: 1,
        outcome: 'failed',
        reason: 'insufficient_funds',
        ...total,
      },
    ],
    [
      'offer_counts',
      { book_id, minute: now, endpoint_id, kind: 'offered', reason: '', client: 'other', x402_version: 0, count: 3 },
    ],
    [
      'refusal_samples',
      {
        book_id,
        refusal_sample_id: uuid(17, bookId),
        endpoint_id,
        reason: 'amount_mismatch',
        client: 'other',
        x402_version: 2,
        payer: Buffer.alloc(20, 1),
        intent_id: uuid(17, bookId),
        evidence: '{}',
      },
    ],
  ]);
}

/** Writes a row with all its values given, also those an identity column would draw. */
export async function insertRow(client: ClientBase, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const values = columns.map((_, at) => `$${at + 1}`);
  await client.query(
    `insert into ${table} (${columns.join(', ')}) overriding system value values (${values.join(', ')})`,
    Object.values(row),
  );
}

/** Writes every row of a book, each as a role that may; leaves the connection in its own role, outside a transaction. */
export async function seedBook(client: ClientBase, bookId: number): Promise<void> {
  const rows = bookRows(bookId);
  const { rows: tables } = await client.query<{ table: string; writer: string }>(
    `select name as table, case when has_table_privilege('tollbook_app', name, 'insert') then 'tollbook_app'
       else 'tollbook_worker' end as writer from unnest($1::text[]) as name`,
    [[...rows.keys()]],
  );
  const writerOf = new Map(tables.map(({ table, writer }) => [table, writer]));
  await client.query('begin');
  await setScope(client, rows.get('books') ?? {});
  for (const [table, row] of rows) {
    await client.query(`set local role ${writerOf.get(table)}`);
    await insertRow(client, table, row);
    if (table !== 'ledger_accounts') continue;
    await insertRow(client, table, { ...row, account_id: 2, code: 'pending', kind: 'pending', wallet_id: null });
  }
  await client.query('commit');
}

/** Sets book and merchant for this transaction, as a unit of work does. */
export async function setScope(client: ClientBase, { book_id, merchant_id }: Row): Promise<void> {
  await client.query(`select set_config('tollbook.book_id', $1, true), set_config('tollbook.merchant_id', $2, true)`, [
    String(book_id),
    String(merchant_id),
  ]);
}
