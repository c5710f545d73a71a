-- The roles themselves are made before any migration (libs/db/src/roles.ts): they belong to the cluster, not to this
-- database. tollbook_app sees one book, tollbook_worker all, tollbook_reader reads one.
grant usage on schema public to tollbook_app, tollbook_worker, tollbook_reader;
--> statement-breakpoint
-- Rows of a table with `book_id` are seen by the book that is set, and by the worker. `nullif`, because a setting made
-- with `set local` reads '' after its transaction, not null; unset sees nothing.
create function protect_by_book(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy one_book on %s to tollbook_app, tollbook_reader
    using (book_id = (select nullif(current_setting(''tollbook.book_id'', true), '''')::integer))', name);
  execute format('create policy all_books on %s to tollbook_worker using (true)', name);
end $$;
--> statement-breakpoint
select protect_by_book(name) from unnest(array[
  'api_keys', 'wallets', 'wallet_assets', 'wallet_assignments', 'endpoints', 'price_versions', 'price_amounts',
  'terms_versions', 'payment_intents', 'replay_keys', 'attempts', 'paid_answers', 'transfers', 'coverage',
  'allocations', 'discrepancies', 'ledger_accounts', 'ledger_heads', 'ledger_entries', 'ledger_postings',
  'invoice_counters', 'events', 'event_bodies', 'outbox', 'event_feed', 'feed_heads', 'books_proofs'
]::regclass[]) name;
--> statement-breakpoint
-- Data keys belong to a merchant; those of the instance (null) serve every book.
alter table data_keys enable row level security;
--> statement-breakpoint
alter table data_keys force row level security;
--> statement-breakpoint
create policy one_merchant on data_keys to tollbook_app using (merchant_id is null
  or merchant_id = (select nullif(current_setting('tollbook.merchant_id', true), '')::uuid));
--> statement-breakpoint
create policy all_merchants on data_keys to tollbook_worker using (true);
--> statement-breakpoint
-- Catalogue and configuration: the api writes, the worker reads.
grant select on networks, assets to tollbook_app, tollbook_worker, tollbook_reader;
--> statement-breakpoint
grant select, insert, update on merchants, books, api_keys, wallets, wallet_assignments, endpoints to tollbook_app;
--> statement-breakpoint
grant select, insert, update, delete on merchant_hosts, wallet_assets to tollbook_app;
--> statement-breakpoint
grant select, insert on price_versions, price_amounts to tollbook_app;
--> statement-breakpoint
grant select, insert, update (superseded_at, revoked_at) on terms_versions to tollbook_app;
--> statement-breakpoint
grant select, insert, update (next_nonce) on gas_signers to tollbook_app, tollbook_worker;
--> statement-breakpoint
-- Seal keys are turned by schedule, so the worker makes them too.
grant select, insert, update (revoked_at) on seal_keys to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select, insert, update (wrapped_key) on data_keys to tollbook_app, tollbook_worker;
--> statement-breakpoint
-- So that a secret can be sealed under the number that its row is going to have.
grant usage on sequence seal_keys_key_id_seq, data_keys_key_id_seq to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select on merchants, merchant_hosts, books, wallets, wallet_assets, wallet_assignments, endpoints,
  price_versions, price_amounts, terms_versions to tollbook_worker, tollbook_reader;
--> statement-breakpoint
-- Payments: both write; nobody deletes.
grant select, insert, update on payment_intents, attempts to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select, insert, delete on replay_keys to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant select, insert, update, delete on gate_processes to tollbook_app;
--> statement-breakpoint
grant select, delete on gate_processes to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on paid_answers to tollbook_app;
--> statement-breakpoint
grant select, delete on paid_answers to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on discrepancies to tollbook_app, tollbook_worker;
--> statement-breakpoint
-- Chain and ledger: the worker writes, the api reads.
grant select, insert, update on transfers to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on allocations to tollbook_worker;
--> statement-breakpoint
grant select, insert, update, delete on cursors, coverage, block_headers to tollbook_worker;
--> statement-breakpoint
grant select, insert on ledger_accounts, ledger_entries, ledger_postings to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on ledger_heads, invoice_counters to tollbook_worker;
--> statement-breakpoint
-- A wallet that is added says from where on it is covered.
grant insert on coverage to tollbook_app;
--> statement-breakpoint
grant select on transfers, allocations, cursors, coverage, block_headers, ledger_accounts, ledger_entries,
  ledger_postings, ledger_heads, invoice_counters to tollbook_app;
--> statement-breakpoint
-- Telling: both tell, the relay (worker) orders.
grant select, insert on events, event_bodies to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant insert on outbox to tollbook_app;
--> statement-breakpoint
-- `update` only so that rows can be picked `for update skip locked`.
grant select, insert, update, delete on outbox to tollbook_worker;
--> statement-breakpoint
grant select, insert on event_feed to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on feed_heads to tollbook_worker;
--> statement-breakpoint
grant select on event_feed, feed_heads to tollbook_app;
--> statement-breakpoint
-- Reading and order.
grant select, insert on books_proofs to tollbook_worker;
--> statement-breakpoint
grant select, insert, update on schedule_runs, leases to tollbook_worker;
--> statement-breakpoint
grant select on books_proofs, schedule_runs, leases to tollbook_app;
--> statement-breakpoint
-- The reader has everything but secrets.
grant select on payment_intents, replay_keys, attempts, transfers, cursors, coverage, block_headers, allocations,
  discrepancies, ledger_accounts, ledger_heads, ledger_entries, ledger_postings, invoice_counters, events, event_bodies,
  event_feed, feed_heads, schedule_runs, books_proofs to tollbook_reader;
--> statement-breakpoint
-- Looked up before the book is known. They run as the owner, who is a member of tollbook_worker and so sees all books.
create function find_api_key(lookup text) returns setof api_keys
language sql stable rows 1 security definer set search_path = public, pg_temp as $$
  select k.* from api_keys k where k.lookup = find_api_key.lookup
$$;
--> statement-breakpoint
create function find_terms(number bigint) returns setof terms_versions
language sql stable rows 1 security definer set search_path = public, pg_temp as $$
  select t.* from terms_versions t where t.number = find_terms.number
$$;
--> statement-breakpoint
revoke execute on function protect_by_book, find_api_key, find_terms, ensure_partitions from public;
--> statement-breakpoint
grant execute on function find_api_key, find_terms to tollbook_app, tollbook_worker;
--> statement-breakpoint
grant execute on function ensure_partitions to tollbook_worker;
