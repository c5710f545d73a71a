import type { Catalog, HealthRecord, HealthStore, LatestProof } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbChainCheck } from '../mapping/chain-check.mapping.js';
import { fromDbHex, fromDbTime } from '../mapping/column.mapping.js';
import { fromDbWorkerReport } from '../mapping/worker-report.mapping.js';
import { NetworkIds } from '../network-ids.js';
import { beginReading } from '../queries/begin-reading.js';
import {
  type HeightsRow,
  type ProofRow,
  readHeights,
  readLatestProofs,
  readLiveGates,
  readWorkerReports,
} from '../queries/read-health.js';
import { inTransaction, type Session } from '../session.js';
import { selectChainChecks } from '../statements/chain-checks.js';
import { selectRpcUsage } from '../statements/rpc-usage.js';
import { selectNow } from '../statements/select-now.js';

export type HealthStoreDeps = {
  /** Acts as tollbook_app. */
  readonly pool: Pool;
  readonly catalog: Pick<Catalog, 'networks'>;
};

/** What health is judged by, in one short dbTx. Throws `StoreUnavailable` when the database is away. */
export function createHealthStore({ pool, catalog }: HealthStoreDeps): HealthStore {
  const networks = new NetworkIds(catalog.networks);
  return {
    read: (bookId) =>
      inTransaction(
        pool,
        (session) => beginReading(session, bookId),
        (session) => readRecord(session, networks, bookId),
      ),
  };
}

async function readRecord(session: Session, networks: NetworkIds, bookId: number | null): Promise<HealthRecord> {
  const nowMs = await selectNow(session);
  const heights = await readHeights(session);
  const checks = await selectChainChecks(session, null);
  const usage = await selectRpcUsage(session);
  const reports = await readWorkerReports(session);
  const gates = await readLiveGates(session);
  const proofs = bookId === null ? [] : await readLatestProofs(session, bookId);
  return {
    nowMs,
    heights: heights.map((row) => fromDbHeights(row, networks)),
    checks: checks.map((row) => fromDbChainCheck(networks.nameOf(row.network_id), row)),
    usage: usage.map((row) => ({
      network: networks.nameOf(row.network_id),
      node: row.node,
      requests: Number(row.requests),
      calls: Number(row.calls),
      sinceMs: row.created_at.getTime(),
    })),
    reports: reports.flatMap((row) => fromDbWorkerReport(row) ?? []),
    gates: gates.map((row) => ({ startedAtMs: row.created_at.getTime(), seenAtMs: row.seen_at.getTime() })),
    proofs: proofs.map((row) => fromDbProof(row, networks)),
  };
}

function fromDbHeights(row: HeightsRow, networks: NetworkIds): HealthRecord['heights'][number] {
  return {
    network: networks.nameOf(row.network_id),
    headNumber: row.head_number,
    headTimeMs: fromDbTime(row.head_time),
    confirmedNumber: row.confirmed_number,
    finalNumber: row.final_number,
    frozenReason: row.frozen_reason,
  };
}

function fromDbProof(row: ProofRow, networks: NetworkIds): LatestProof {
  const network = networks.nameOf(row.network_id);
  const place = { network, wallet: fromDbHex(row.address), assetId: row.asset_id };
  if (row.block_number === null) return { ...place, proof: null };
  return {
    ...place,
    proof: {
      blockNumber: row.block_number,
      openingAtomic: BigInt(row.opening_atomic),
      inAtomic: BigInt(row.in_atomic),
      outAtomic: BigInt(row.out_atomic),
      closingAtomic: BigInt(row.closing_atomic),
      onChainAtomic: BigInt(row.on_chain_atomic),
      differenceAtomic: BigInt(row.difference_atomic),
      provedAtMs: row.created_at.getTime(),
    },
  };
}
