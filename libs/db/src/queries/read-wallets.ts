import type { Session } from '../session.js';

export type WalletRow = {
  readonly wallet_id: string;
  readonly network_id: number;
  readonly address: Uint8Array;
  readonly label: string;
  readonly created_at: Date;
  readonly receiving_since: Date | null;
  readonly asset_ids: readonly number[] | null;
  readonly watched_from: readonly bigint[] | null;
  /** Elements of arrays come as text. */
  readonly unread_from: readonly (string | null)[] | null;
  readonly unread_to: readonly (string | null)[] | null;
};

const wallet = `with receiving as (
    select distinct on (a.network_id) a.network_id, a.wallet_id, a.effective_from
    from wallet_assignments a
    where a.book_id = $1 and a.canceled_at is null and a.effective_from <= clock_timestamp()
    order by a.network_id, a.effective_from desc, a.wallet_assignment_id desc
  )
  select w.wallet_id, w.network_id, w.address, w.label, w.created_at, r.effective_from as receiving_since,
    f.asset_ids, f.watched_from, f.unread_from, f.unread_to
  from wallets w
  left join receiving r on r.network_id = w.network_id and r.wallet_id = w.wallet_id
  cross join lateral (
    select array_agg(wa.asset_id order by wa.asset_id) as asset_ids,
      array_agg(wa.watch_from_block order by wa.asset_id) as watched_from,
      array_agg(case when live.from_block > wa.watch_from_block then coalesce(done.to_block + 1, wa.watch_from_block) end
        order by wa.asset_id) as unread_from,
      array_agg(case when live.from_block > wa.watch_from_block then live.from_block - 1 end order by wa.asset_id)
        as unread_to
    from wallet_assets wa
    left join coverage live on live.book_id = wa.book_id and live.wallet_id = wa.wallet_id
      and live.asset_id = wa.asset_id and live.to_block is null
    left join coverage done on done.book_id = wa.book_id and done.wallet_id = wa.wallet_id
      and done.asset_id = wa.asset_id and done.from_block = wa.watch_from_block and done.to_block is not null
    where wa.book_id = w.book_id and wa.wallet_id = w.wallet_id
  ) f
  where w.book_id = $1`;

const list = {
  name: 'list_wallets',
  text: `${wallet} and ($2::uuid is null or w.wallet_id < $2) and ($3::smallint is null or w.network_id = $3)
    order by w.wallet_id desc
    limit $4`,
};

const one = { name: 'read_wallet', text: `${wallet} and w.wallet_id = $2` };

/** A page of a book's wallets, newest first. */
export async function listWalletRows(
  session: Session,
  bookId: number,
  filter: { readonly networkId: number | null; readonly after: string | null },
  limit: number,
): Promise<WalletRow[]> {
  return (await session.run<WalletRow>(list, [bookId, filter.after, filter.networkId, limit])).rows;
}

/** One wallet of a book; null where there is none. */
export async function readWallet(session: Session, bookId: number, walletId: string): Promise<WalletRow | null> {
  return (await session.run<WalletRow>(one, [bookId, walletId])).rows[0] ?? null;
}
