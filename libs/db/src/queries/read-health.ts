import type { Session } from '../session.js';

export type HeightsRow = {
  readonly network_id: number;
  readonly head_number: bigint;
  readonly head_time: Date | null;
  readonly confirmed_number: bigint;
  readonly final_number: bigint;
  readonly frozen_reason: string | null;
};

export type WorkerRow = { readonly seen_at: Date; readonly ended_at: Date | null; readonly report: unknown };

export type GateRow = { readonly created_at: Date; readonly seen_at: Date };

/** Of a wallet and token of the book; all of the proof is null before the first. */
export type ProofRow = {
  readonly network_id: number;
  readonly address: Uint8Array;
  readonly asset_id: number;
  readonly block_number: bigint | null;
  readonly opening_atomic: string;
  readonly in_atomic: string;
  readonly out_atomic: string;
  readonly closing_atomic: string;
  readonly on_chain_atomic: string;
  readonly difference_atomic: string;
  readonly created_at: Date;
};

const heights = {
  name: 'read_heights',
  text: `select c.network_id, c.head_number, h.time as head_time, c.confirmed_number, c.final_number, c.frozen_reason
    from cursors c
    left join block_headers h on h.network_id = c.network_id and h.block_hash = c.head_hash
    where c.lane = 0
    order by c.network_id`,
};

const workers = {
  name: 'read_worker_reports',
  text: 'select w.seen_at, w.ended_at, w.report from worker_processes w order by w.created_at, w.boot_id',
};

const gates = {
  name: 'read_live_gates',
  text: `select g.created_at, g.seen_at from gate_processes g
    where g.seen_at > now() - interval '10 seconds'
    order by g.created_at, g.boot_id`,
};

const proofs = {
  name: 'read_latest_proofs',
  text: `select w.network_id, w.address, wa.asset_id, p.block_number, p.opening_atomic, p.in_atomic, p.out_atomic,
      p.closing_atomic, p.on_chain_atomic, p.difference_atomic, p.created_at
    from wallets w
    join wallet_assets wa on wa.book_id = w.book_id and wa.wallet_id = w.wallet_id
    left join lateral (
      select * from books_proofs b
      where b.book_id = wa.book_id and b.wallet_id = wa.wallet_id and b.asset_id = wa.asset_id
      order by b.books_proof_id desc
      limit 1
    ) p on true
    where w.book_id = $1
    order by w.network_id, w.address, wa.asset_id`,
};

/** How far each network was read. */
export async function readHeights(session: Session): Promise<HeightsRow[]> {
  return (await session.run<HeightsRow>(heights)).rows;
}

/** What the workers of the last day told of themselves. */
export async function readWorkerReports(session: Session): Promise<WorkerRow[]> {
  return (await session.run<WorkerRow>(workers)).rows;
}

/** Api processes that are alive. */
export async function readLiveGates(session: Session): Promise<GateRow[]> {
  return (await session.run<GateRow>(gates)).rows;
}

/** The newest proof of every watched wallet and token of a book. */
export async function readLatestProofs(session: Session, bookId: number): Promise<ProofRow[]> {
  return (await session.run<ProofRow>(proofs, [bookId])).rows;
}
