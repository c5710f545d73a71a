import type { WalletAssetKey } from '@tollbook/usecases';
import type { Session } from '../session.js';

/** A range of blocks. */
export type SpanRow = { readonly from_number: bigint; readonly to_number: bigint };

/** A recorded transfer of a wallet with what was booked of it; an entry without one has no transaction. */
export type BookedRow = {
  readonly transfer_id: string | null;
  readonly tx_hash: Uint8Array | null;
  readonly position: number | null;
  readonly block_number: bigint;
  readonly block_hash: Uint8Array | null;
  readonly entry_seq: bigint | null;
  readonly booked_atomic: string;
};

/** What entries left on the wallet's account, one row a posting's side. */
const sides = `select e.entry_seq, e.cause_kind, e.cause_id, e.kind, e.block_number,
      case when account.account_id = p.debit_account_id then p.amount_atomic else -p.amount_atomic end as signed_atomic
    from ledger_accounts account
    join ledger_postings p on p.book_id = account.book_id and p.asset_id = $3
      and account.account_id in (p.debit_account_id, p.credit_account_id)
    join ledger_entries e on e.book_id = p.book_id and e.entry_seq = p.entry_seq
    where account.book_id = $1 and account.wallet_id = $2`;

/** At each kept proof, and at the one that is explained, what the chain has beyond what the books say of its block now. */
const spans = {
  name: 'read_differing_spans',
  text: `with moved as (${sides}), points as (
      select distinct on (b.block_number) b.block_number, b.on_chain_atomic
      from books_proofs b
      where b.book_id = $1 and b.wallet_id = $2 and b.asset_id = $3 and b.block_number < $4
      order by b.block_number, b.books_proof_id desc
    ), walked as (
      select block_number, on_chain_atomic,
        sum(signed_atomic) over (order by block_number, is_point rows unbounded preceding) as closing_atomic, is_point
      from (
        select case when m.kind = 'opening' then -1 else m.block_number end as block_number,
          null::numeric as on_chain_atomic, m.signed_atomic, false as is_point
        from moved m where m.block_number <= $4 or m.kind = 'opening'
        union all
        select block_number, on_chain_atomic, 0, true from points
      ) steps
    ), differences as (
      select block_number, on_chain_atomic - coalesce(closing_atomic, 0) as difference_atomic from walked where is_point
      union all
      select $4::bigint, $5::numeric
    ), changes as (
      select block_number, difference_atomic,
        lag(block_number) over (order by block_number) as previous_block,
        lag(difference_atomic, 1, 0::numeric) over (order by block_number) as previous_atomic
      from differences
    )
    select coalesce(c.previous_block + 1, wa.watch_from_block) as from_number, c.block_number as to_number
    from changes c
    join wallet_assets wa on wa.book_id = $1 and wa.wallet_id = $2 and wa.asset_id = $3
    where c.difference_atomic <> c.previous_atomic
      and coalesce(c.previous_block + 1, wa.watch_from_block) <= c.block_number
    order by 1`,
};

const booked = {
  name: 'read_booked_movements',
  text: `with moved as (${sides}), ours as (
      select t.transfer_id, t.tx_hash, t.position, t.block_number, t.block_hash
      from transfers t
      where t.book_id = $1 and $2 in (t.from_wallet_id, t.to_wallet_id) and t.asset_id = $3
        and t.block_number between $4 and $5
    ), posted as (
      select al.transfer_id, m.block_number, min(m.entry_seq) as entry_seq, sum(m.signed_atomic) as booked_atomic,
        case when al.transfer_id is null then m.entry_seq end as loose_entry_seq
      from moved m
      left join allocations al on al.book_id = $1 and al.allocation_id = m.cause_id and m.cause_kind = 'allocation'
      where m.block_number between $4 and $5 and m.kind <> 'opening'
      group by al.transfer_id, m.block_number, loose_entry_seq
    )
    select o.transfer_id, o.tx_hash, o.position, coalesce(o.block_number, p.block_number) as block_number, o.block_hash,
      p.entry_seq, coalesce(p.booked_atomic, 0) as booked_atomic
    from ours o
    full join posted p on p.transfer_id = o.transfer_id
    order by 4, 3, 6`,
};

/** Ranges of blocks in which a difference changed. */
export async function readDifferingSpans(
  session: Session,
  { bookId, walletId, assetId }: WalletAssetKey,
  blockNumber: bigint,
  differenceAtomic: bigint,
): Promise<SpanRow[]> {
  return (await session.run<SpanRow>(spans, [bookId, walletId, assetId, blockNumber, differenceAtomic])).rows;
}

/** Recorded transfers and entries of a wallet's token, each with the other where there is one. */
export async function readBookedMovements(
  session: Session,
  { bookId, walletId, assetId }: WalletAssetKey,
  fromNumber: bigint,
  toNumber: bigint,
): Promise<BookedRow[]> {
  return (await session.run<BookedRow>(booked, [bookId, walletId, assetId, fromNumber, toNumber])).rows;
}
