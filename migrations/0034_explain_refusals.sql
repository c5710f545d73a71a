-- Besides offers and refusals, how payments of each kind of client ended: so it shows which client never pays.
alter table offer_counts
  drop constraint offer_counts_kind_listed,
  add constraint offer_counts_kind_listed check (kind in ('offered', 'refused', 'failed', 'unknown', 'paid'));
--> statement-breakpoint
-- Whose payment it was, and of which offer, so that both find it again.
alter table refusal_samples
  add column x402_version smallint not null default 0,
  add column payer bytea,
  add column intent_id uuid,
  add constraint refusal_samples_payer_length check (octet_length(payer) in (20, 32)),
  add constraint refusal_samples_version_listed check (x402_version between 0 and 2);
--> statement-breakpoint
create index refusal_samples_payer on refusal_samples (book_id, payer, refusal_sample_id) where payer is not null;
--> statement-breakpoint
create index refusal_samples_intent on refusal_samples (book_id, intent_id) where intent_id is not null;
