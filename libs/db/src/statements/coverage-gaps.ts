import type { CoverageGap } from '@tollbook/usecases';
import type { Session } from '../session.js';

/** Blocks that are not read yet for a token of a wallet. */
export type CoverageGapRow = {
  readonly book_id: number;
  readonly wallet_id: string;
  readonly address: Uint8Array;
  readonly asset_id: number;
  readonly contract: Uint8Array;
  readonly from_number: bigint;
  readonly to_number: bigint;
};

/** Between the block that a wallet is watched from, or what was read of it afterwards, and the first that was live. */
const select = {
  name: 'select_coverage_gaps',
  text: `select w.book_id, w.wallet_id, w.address, wa.asset_id, a.contract,
      coalesce(done.to_block + 1, wa.watch_from_block) as from_number, live.from_block - 1 as to_number
    from wallets w
    join wallet_assets wa on wa.book_id = w.book_id and wa.wallet_id = w.wallet_id
    join assets a on a.asset_id = wa.asset_id and a.network_id = w.network_id
    join coverage live on live.book_id = wa.book_id and live.wallet_id = wa.wallet_id and live.asset_id = wa.asset_id
      and live.to_block is null
    left join coverage done on done.book_id = wa.book_id and done.wallet_id = wa.wallet_id
      and done.asset_id = wa.asset_id and done.from_block = wa.watch_from_block and done.to_block is not null
    where w.network_id = $1 and live.from_block > wa.watch_from_block
    order by from_number, w.book_id, w.wallet_id, wa.asset_id`,
};

const extend = {
  name: 'extend_coverage',
  text: `insert into coverage (book_id, wallet_id, asset_id, from_block, to_block)
    select wa.book_id, wa.wallet_id, wa.asset_id, wa.watch_from_block, $4 from wallet_assets wa
    where wa.book_id = $1 and wa.wallet_id = $2 and wa.asset_id = $3
    on conflict (book_id, wallet_id, asset_id, from_block) do update set to_block = excluded.to_block`,
};

/** What was read afterwards has met what is live: one interval says both. */
const close = {
  name: 'close_coverage',
  text: `with closed as (
      delete from coverage c using coverage live
      where c.book_id = $1 and c.wallet_id = $2 and c.asset_id = $3 and c.to_block is not null
        and live.book_id = $1 and live.wallet_id = $2 and live.asset_id = $3 and live.to_block is null
        and live.from_block = c.to_block + 1
      returning c.from_block
    )
    select from_block from closed`,
};

const join = {
  name: 'join_coverage',
  text: `update coverage c set from_block = $4
    where c.book_id = $1 and c.wallet_id = $2 and c.asset_id = $3 and c.to_block is null`,
};

/** What is not read yet on a network, the lowest blocks first. */
export async function selectCoverageGaps(session: Session, networkId: number): Promise<CoverageGapRow[]> {
  return (await session.run<CoverageGapRow>(select, [networkId])).rows;
}

/** Says that a gap is read up to a block; closes it where that was its last. */
export async function coverThrough(session: Session, gap: CoverageGap, toNumber: bigint): Promise<void> {
  const key = [gap.bookId, gap.walletId, gap.assetId];
  await session.run(extend, [...key, toNumber]);
  const { rows } = await session.run<{ from_block: bigint }>(close, key);
  if (rows[0]) await session.run(join, [...key, rows[0].from_block]);
}
