select protect_by_book('rollup_recency');
--> statement-breakpoint
grant select, insert, update on rollup_recency to tollbook_worker;
--> statement-breakpoint
grant select on rollup_recency to tollbook_app, tollbook_reader;
--> statement-breakpoint
alter table rollup_recency set (fillfactor = 60);
--> statement-breakpoint
-- Books that are older than this sum: what their payers' sums say.
insert into rollup_recency (book_id, day, previous_day, payers)
select book_id, day, previous_day, count(*) from (
  select book_id, day, coalesce(lag(day) over (partition by book_id, payer order by day), '-infinity') as previous_day
  from (select distinct book_id, payer, day from rollup_payers where amount_atomic > 0) paid
) followed
group by 1, 2, 3;
