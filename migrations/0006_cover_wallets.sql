-- The api adds wallets but writes no coverage. A token that is newly followed is covered from its first block on, and
-- no other interval can be opened through this. Runs as the owner, like the look-ups before the book is known.
create function cover_wallet_asset(book_id integer, wallet_id uuid, asset_id integer) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into coverage (book_id, wallet_id, asset_id, from_block)
  select wa.book_id, wa.wallet_id, wa.asset_id, wa.watch_from_block
  from wallet_assets wa
  where wa.book_id = cover_wallet_asset.book_id and wa.wallet_id = cover_wallet_asset.wallet_id
    and wa.asset_id = cover_wallet_asset.asset_id
    and not exists (
      select from coverage c
      where c.book_id = wa.book_id and c.wallet_id = wa.wallet_id and c.asset_id = wa.asset_id
    )
$$;
--> statement-breakpoint
revoke execute on function cover_wallet_asset from public;
--> statement-breakpoint
grant execute on function cover_wallet_asset to tollbook_app;
