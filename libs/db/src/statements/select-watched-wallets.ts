import type { Session } from '../session.js';

/** A wallet with one of the tokens that are followed for it. */
export type WatchedWalletRow = {
  readonly book_id: number;
  readonly wallet_id: string;
  readonly address: Uint8Array;
  readonly asset_id: number;
  readonly contract: Uint8Array;
  readonly watch_from_block: bigint;
  readonly covered_from_block: bigint;
};

const statement = {
  name: 'select_watched_wallets',
  text: `select w.book_id, w.wallet_id, w.address, wa.asset_id, a.contract, wa.watch_from_block,
      coalesce(c.from_block, wa.watch_from_block) as covered_from_block
    from wallets w
    join wallet_assets wa on wa.book_id = w.book_id and wa.wallet_id = w.wallet_id
    join assets a on a.asset_id = wa.asset_id and a.network_id = w.network_id
    left join coverage c on c.book_id = wa.book_id and c.wallet_id = wa.wallet_id and c.asset_id = wa.asset_id
      and c.to_block is null
    where w.network_id = $1
    order by w.book_id, w.wallet_id, wa.asset_id`,
};

/** Every wallet of a network, of every book, once for each of its tokens. */
export async function selectWatchedWallets(session: Session, networkId: number): Promise<WatchedWalletRow[]> {
  return (await session.run<WatchedWalletRow>(statement, [networkId])).rows;
}
