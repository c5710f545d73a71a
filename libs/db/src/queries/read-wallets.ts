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
};

const wallet = `with receiving as (
    select distinct on (a.network_id) a.network_id, a.wallet_id, a.effective_from
    from wallet_assignments a
    where a.book_id = $1 and a.canceled_at is null and a.effective_from <= clock_timestamp()
    order by a.network_id, a.effective_from desc, a.wallet_assignment_id desc
  )
  select w.wallet_id, w.network_id, w.address, w.label, w.created_at, r.effective_from as receiving_since,
    f.asset_ids, f.watched_from
  from wallets w
  left join receiving r on r.network_id = w.network_id and r.wallet_id = w.wallet_id
  cross join lateral (
    select array_agg(wa.asset_id order by wa.asset_id) as asset_ids,
      array_agg(wa.watch_from_block order by wa.asset_id) as watched_from
    from wallet_assets wa
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
