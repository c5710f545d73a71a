/** The four that are read before a book is known, and never joined to money without it: no row-level security. */
export const catalogueTables = ['merchants', 'books', 'merchant_hosts', 'networks', 'assets'];

/** Tables whose key does not begin with their book, and why. */
export const keyOrderExemptions: Readonly<Record<string, string>> = {
  outbox: 'drained in order, across books',
  rollup_deltas: 'drained in order, across books',
};

/** Tables of a book that no foreign key ties to it, and why. */
export const untiedTables: Readonly<Record<string, string>> = {
  replay_keys: 'outlives its attempt, which may be archived',
  payment_identifiers: 'outlives its attempt, which may be archived',
  outbox: 'written with its event and gone in a moment',
  event_feed: 'written from the outbox, whose event is never deleted',
  event_bodies: 'partitioned: a drop must not lock events',
  paid_answers: 'partitioned: a drop must not lock attempts',
  delivery_attempts: 'partitioned: a drop must not lock deliveries',
  rollup_deltas: 'written beside a payment and gone in a moment',
  offer_counts: 'partitioned: a drop must not lock books',
  refusal_samples: 'partitioned: a drop must not lock books',
};

/** Triggers that a table must have, beside those its own rules need. */
export const expectedTriggers: Readonly<Record<string, readonly string[]>> = {
  allocations: ['no_delete', 'only_reverse'],
  attempts: ['born', 'guard', 'no_delete'],
  audit_log: ['append_only'],
  deliveries: ['born', 'guard', 'no_delete'],
  events: ['append_only'],
  gas_replacements: ['append_only'],
  ledger_entries: ['append_only'],
  ledger_postings: ['append_only'],
  payment_intents: ['born', 'guard', 'no_delete', 'rest_amount'],
  price_amounts: ['append_only'],
  price_versions: ['append_only'],
  refunds: ['born', 'guard', 'no_delete'],
  reserved_amounts: ['guard', 'no_delete'],
  replay_keys: ['append_only', 'release_only'],
  terms_versions: ['append_only', 'guard'],
  transfers: ['no_delete', 'only_orphan'],
};

/** Tables that no role but the owner may change once a row is there. */
export const appendOnlyTables = [
  'audit_log',
  'events',
  'gas_replacements',
  'ledger_entries',
  'ledger_postings',
  'price_amounts',
  'price_versions',
];

/** Tables without `created_at`, and why. */
export const undatedTables: Readonly<Record<string, string>> = {
  replay_keys: 'narrow on purpose; its attempt has the time',
  outbox: 'its event has the time',
  event_feed: 'its event has the time',
  event_bodies: 'its event has the time',
  delivery_attempts: 'it has the time it started',
  ledger_postings: 'its entry has the time',
  audit_heads: 'one row a merchant, rewritten',
  ledger_heads: 'one row a book, rewritten',
  feed_heads: 'one row a book, rewritten',
  invoice_counters: 'one row a book and year, rewritten',
  leases: 'one row a name, rewritten',
  rollup_books: 'a sum, rewritten',
  rollup_days: 'a sum, rewritten',
  rollup_hours: 'a sum, rewritten',
  rollup_reasons: 'a sum, rewritten',
  rollup_payers: 'a sum, rewritten',
  rollup_recency: 'a sum, rewritten',
  rollup_accounts: 'a sum, rewritten',
  rollup_deltas: 'a part of a sum, gone in a moment',
  offer_counts: 'its minute is its time',
  rate_limit_counters: 'the columns are the limiter library’s',
};
