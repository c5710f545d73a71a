-- Sums are made of other rows and can be made anew from them, all at once.
grant delete on rollup_books, rollup_days, rollup_reasons, rollup_payers, rollup_recency, rollup_accounts to tollbook_worker;
