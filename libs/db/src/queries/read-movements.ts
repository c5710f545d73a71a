import type { Session } from '../session.js';

/** Sums of one wallet and token, as decimal text. */
export type MovementRow = {
  readonly book_id: number;
  readonly wallet_id: string;
  readonly address: Uint8Array;
  readonly asset_id: number;
  readonly contract: Uint8Array;
  readonly watch_from_block: bigint;
  readonly opening_atomic: string;
  readonly in_atomic: string;
  readonly out_atomic: string;
};

/**
 * One pass over the postings, each seen from both of its sides. What a wallet held before it was watched is no movement,
 * and has to be there at any block that can be proved. Nor is a reversal one: no money left where the books changed their
 * mind, so it takes back what came in, or went out, by the entry that it undoes. With a block to begin from, all that
 * came before it is opening. A wallet whose older blocks are still read is left out: its books are not whole yet.
 */
const statement = {
  name: 'read_movements',
  text: `with moved as (
      select p.book_id, side.account_id, p.asset_id,
        sum(case when side.is_debit then p.amount_atomic else -p.amount_atomic end)
          filter (where e.kind = 'opening' or e.block_number < $4) as opening_atomic,
        sum(reversal.sign * p.amount_atomic)
          filter (where e.kind <> 'opening' and ($4::bigint is null or e.block_number >= $4)
            and side.is_debit = (reversal.sign > 0)) as in_atomic,
        sum(reversal.sign * p.amount_atomic)
          filter (where e.kind <> 'opening' and ($4::bigint is null or e.block_number >= $4)
            and side.is_debit = (reversal.sign < 0)) as out_atomic
      from ledger_entries e
      join ledger_postings p on p.book_id = e.book_id and p.entry_seq = e.entry_seq
      cross join lateral (values (p.debit_account_id, true), (p.credit_account_id, false)) side (account_id, is_debit)
      cross join lateral (select case when e.kind like '%\\_reversed' then -1 else 1 end) reversal (sign)
      where e.network_id = $2 and (e.block_number <= $3 or e.kind = 'opening') and ($1::integer is null or e.book_id = $1)
      group by p.book_id, side.account_id, p.asset_id
    )
    select w.book_id, w.wallet_id, w.address, wa.asset_id, a.contract, wa.watch_from_block,
      coalesce(sum(m.opening_atomic), 0) as opening_atomic,
      coalesce(sum(m.in_atomic), 0) as in_atomic,
      coalesce(sum(m.out_atomic), 0) as out_atomic
    from wallets w
    join wallet_assets wa on wa.book_id = w.book_id and wa.wallet_id = w.wallet_id
    join assets a on a.asset_id = wa.asset_id and a.network_id = w.network_id
    left join ledger_accounts account on account.book_id = w.book_id and account.wallet_id = w.wallet_id
    left join moved m
      on m.book_id = account.book_id and m.account_id = account.account_id and m.asset_id = wa.asset_id
    where w.network_id = $2 and ($1::integer is null or w.book_id = $1)
      and not exists (
        select from coverage live
        where live.book_id = wa.book_id and live.wallet_id = wa.wallet_id and live.asset_id = wa.asset_id
          and live.to_block is null and live.from_block > wa.watch_from_block and wa.watch_from_block <= $3
      )
    group by w.book_id, w.wallet_id, w.address, wa.asset_id, a.contract, wa.watch_from_block
    order by w.book_id, w.wallet_id, wa.asset_id`,
};

/** What went into and out of every watched wallet of a network up to a block; one that never moved has zeros. */
export async function readMovements(
  session: Session,
  bookId: number | null,
  networkId: number,
  blockNumber: bigint,
  fromNumber: bigint | null,
): Promise<MovementRow[]> {
  return (await session.run<MovementRow>(statement, [bookId, networkId, blockNumber, fromNumber])).rows;
}
