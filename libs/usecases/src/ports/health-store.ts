import type { ChainCheckRecord } from './chain-store.js';
import type { RpcUsage } from './rpc-usage-store.js';
import type { ScheduleOutcome } from './schedule-runs.js';

/** A node as one worker sees it. Counts are of the last `windowSeconds`; times are unix milliseconds. */
export type NodeSight = {
  readonly network: string;
  /** Never its address, which may hold a key. */
  readonly name: string;
  readonly headNumber: bigint | null;
  readonly answeredAtMs: number | null;
  readonly headMovedAtMs: number | null;
  /** Whether a WebSocket tells of its network's blocks; otherwise nodes are asked for them. */
  readonly isTold: boolean;
  readonly windowSeconds: number;
  readonly requests: number;
  readonly errors: number;
  readonly lastErrorAtMs: number | null;
  readonly lastError: string | null;
  /** Why it is asked nothing: it is of another chain, or has another token. Null for one that is what it should be. */
  readonly refusal: string | null;
};

/** What the built-in facilitator has left to pay for gas on one network. */
export type GasSight = {
  readonly network: string;
  /** Lower-case. */
  readonly address: string;
  readonly balanceWei: bigint;
  /** Below it an alarm is raised. */
  readonly balanceMinWei: bigint;
  readonly readAtMs: number;
};

/** A schedule and its last run in one worker; null where that worker has not run it. */
export type ScheduleSight = {
  readonly name: string;
  readonly everyMs: number;
  readonly last: {
    readonly startedAtMs: number;
    readonly finishedAtMs: number;
    readonly outcome: ScheduleOutcome;
    readonly counts: Readonly<Record<string, number>>;
  } | null;
};

export type QueueSight = {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
};

/** What a worker tells of itself every few seconds; whoever reads it trusts it for as long again. */
export type WorkerReport = {
  readonly startedAtMs: number;
  readonly queueBackend: 'postgres' | 'redis';
  /** Null while the queue does not answer. */
  readonly queues: readonly QueueSight[] | null;
  readonly nodes: readonly NodeSight[];
  readonly gas: readonly GasSight[];
  readonly schedules: readonly ScheduleSight[];
};

/** The worker's side. Throws `StoreUnavailable`. */
export interface WorkerReportStore {
  /** Replaces the process's report; the last one says that it ended. Reports of a day ago are forgotten. */
  save(bootId: string, report: WorkerReport, hasEnded: boolean): Promise<void>;
}

/** A report as it was stored, its times moved to the database's clock. */
export type StoredWorkerReport = WorkerReport & { readonly seenAtMs: number; readonly hasEnded: boolean };

export type NetworkHeights = {
  readonly network: string;
  readonly headNumber: bigint;
  readonly headTimeMs: number | null;
  /** -1 while no block is deep enough, and the same for final. */
  readonly confirmedNumber: bigint;
  readonly finalNumber: bigint;
  readonly frozenReason: string | null;
};

/** The newest proof of one watched wallet and token; null before the first. */
export type LatestProof = {
  readonly network: string;
  readonly wallet: string;
  readonly assetId: number;
  readonly proof: {
    readonly blockNumber: bigint;
    readonly openingAtomic: bigint;
    readonly inAtomic: bigint;
    readonly outAtomic: bigint;
    readonly closingAtomic: bigint;
    readonly onChainAtomic: bigint;
    readonly differenceAtomic: bigint;
    readonly provedAtMs: number;
  } | null;
};

export type HealthRecord = {
  /** The database's clock. */
  readonly nowMs: number;
  readonly heights: readonly NetworkHeights[];
  /** What second readings of the networks came to. */
  readonly checks: readonly ChainCheckRecord[];
  readonly usage: readonly NodeMonth[];
  /** Of the last day, those of processes that ended or died among them. */
  readonly reports: readonly StoredWorkerReport[];
  /** Api processes that showed life within ten seconds. */
  readonly gates: readonly { readonly startedAtMs: number; readonly seenAtMs: number }[];
  readonly proofs: readonly LatestProof[];
};

/** What a node was asked in the running month, by every process, and since when that is counted. */
export type NodeMonth = RpcUsage & { readonly sinceMs: number };

/** Everything that health is judged by, at one moment. Throws `StoreUnavailable`. */
export interface HealthStore {
  /** The proofs are those of one book; null reads none. */
  read(bookId: number | null): Promise<HealthRecord>;
}
