import {
  type IndexerProblem,
  type IndexerSight,
  indexerLag,
  indexerProblem,
  type Mode,
  monthForecast,
} from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import { judgeSchedules, type ScheduleHealth } from './judge-schedules.js';
import type { ChainCheckRecord } from './ports/chain-store.js';
import type {
  GasSight,
  HealthRecord,
  HealthStore,
  LatestProof,
  NetworkHeights,
  NodeSight,
  QueueSight,
  StoredWorkerReport,
} from './ports/health-store.js';

/** `warning` wants a look soon, `failing` wants one now. */
export type HealthState = 'ok' | 'warning' | 'failing';

export type NetworkHealth = {
  readonly network: string;
  readonly confirmDepth: number | null;
  readonly state: HealthState;
  readonly reason: IndexerProblem | null;
  /** What is wrong with its nodes, where they are refused. */
  readonly refusal: string | null;
  readonly heights: NetworkHeights | null;
  readonly chainHeadNumber: bigint | null;
  readonly answeredAtMs: number | null;
  readonly headMovedAtMs: number | null;
  /** Whether a WebSocket tells of new blocks now; otherwise nodes are asked for them. */
  readonly isTold: boolean;
  readonly lag: ReturnType<typeof indexerLag>;
  /** What second readings came to, none before the first. */
  readonly checks: readonly ChainCheckRecord[];
  /** One a name, summed over the workers. */
  readonly nodes: readonly (NodeSight & { readonly month: MonthOfCalls | null })[];
};

/** Calls of the running month so far, and what they come to by its end; null while too little is known. */
export type MonthOfCalls = { readonly calls: number; readonly forecast: number | null };

type ProcessLife = { readonly kind: 'api' | 'worker'; readonly startedAtMs: number; readonly seenAtMs: number };

export type HealthView = {
  readonly nowMs: number;
  readonly state: HealthState;
  readonly networks: readonly NetworkHealth[];
  readonly processes: Judged<'no_worker'> & { readonly data: readonly ProcessLife[] };
  readonly queues: Judged<'not_counted' | 'piling_up'> & {
    readonly backend: StoredWorkerReport['queueBackend'] | null;
    readonly countedAtMs: number | null;
    readonly data: readonly QueueSight[];
  };
  /** What the built-in facilitator has left to pay for gas, on the networks that it was set up for. */
  readonly gas: Judged<'low' | 'empty'> & { readonly data: readonly GasSight[] };
  readonly schedules: readonly ScheduleHealth[];
  readonly books: Judged<'differs' | 'ledger_broken' | 'sums_differ' | 'not_proved' | 'overdue'> & {
    readonly checkedAtMs: number | null;
    readonly data: readonly LatestProof[];
  };
};

type Judged<Reason> = { readonly state: HealthState; readonly reason: Reason | null };

/** The schedule that proves the books, whose counts tell how many wallets differ over all books. */
export const proofSchedule = 'books-proof';

/** The schedule that compares sums with their rows, over all books too. */
export const sumsSchedule = 'check-sums';

/** The schedule that verifies every ledger and looks for rows that contradict one another. */
export const ledgerSchedule = 'check-ledgers';

/** A worker tells of itself every five seconds. */
const aliveMs = 20_000;
const behindFailingSeconds = 300;
/** Equal hints are one job, so a queue that is worked on stays short. */
const waitingMax = 1_000;
const proofAgeMsMax = 5 * 60_000;

/**
 * Whether what stands behind the books works: for the networks and proofs of one book, or for null of the whole instance
 * without its proofs.
 */
export async function readHealth(
  deps: { readonly store: HealthStore; readonly catalog: Catalog },
  scope: { readonly bookId: number; readonly mode: Mode } | null,
): Promise<HealthView> {
  const record = await deps.store.read(scope?.bookId ?? null);
  const { nowMs } = record;
  const alive = record.reports.filter(({ hasEnded, seenAtMs }) => !hasEnded && nowMs - seenAtMs <= aliveMs);
  const scoped = deps.catalog.networks.filter(({ mode }) => scope === null || mode === scope.mode);
  const networks = scoped.flatMap((network) => judgeNetwork(record, alive, network));
  const schedules = judgeSchedules(nowMs, record.reports, alive);
  const parts = {
    networks,
    processes: judgeProcesses(record, alive),
    queues: judgeQueues(alive),
    gas: judgeGas(alive, scoped),
    schedules,
    books: judgeBooks(record, schedules, alive),
  };
  const states = [...networks, ...schedules, parts.processes, parts.queues, parts.gas, parts.books].map(
    ({ state }) => state,
  );
  return { nowMs, state: worstOf(states), ...parts };
}

/** Nothing for a network that was never read and that no worker has a node for. */
function judgeNetwork(
  { nowMs, heights, checks: allChecks, usage }: HealthRecord,
  alive: readonly StoredWorkerReport[],
  { network, blockMs, confirmDepth, finalSeconds }: Catalog['networks'][number],
): NetworkHealth[] {
  const known = heights.find((each) => each.network === network) ?? null;
  const sights = alive.flatMap(({ nodes }) => nodes.filter((node) => node.network === network));
  if (known === null && sights.length === 0) return [];
  const answeredAtMs = newest(sights.map((sight) => sight.answeredAtMs));
  const chainHeadNumber = highestHead(sights, known);
  const checks = allChecks.filter((each) => each.network === network);
  const msSince = (atMs: number | null) => (atMs === null ? null : nowMs - atMs);
  const sight: IndexerSight = {
    chainHeadNumber,
    answeredMsAgo: answeredAtMs === null ? silentMs(sights) : nowMs - answeredAtMs,
    indexedNumber: known?.headNumber ?? null,
    isRefused: sights.length > 0 && sights.every(({ refusal }) => refusal !== null),
    isFrozen: known !== null && known.frozenReason !== null,
    blockMs,
    ghostsMsAgo: msSince(newest(checks.map(({ ghosts }) => ghosts.atMs))),
    leftOutMsAgo: msSince(newest(checks.flatMap(({ found, leftOut }) => [found.atMs, leftOut.atMs]))),
    finalNumber: known?.finalNumber ?? null,
    finalSeconds,
  };
  const reason = indexerProblem(sight);
  const lag = indexerLag(sight);
  const isBehindALittle = reason === 'behind' && (lag?.seconds ?? 0) <= behindFailingSeconds;
  const isSoon = isBehindALittle || reason === 'finality_late' || reason === 'logs_left_out';
  return [
    {
      network,
      confirmDepth,
      state: reason === null ? 'ok' : isSoon ? 'warning' : 'failing',
      reason,
      refusal: reason === 'node_refused' ? (sights.find(({ refusal }) => refusal !== null)?.refusal ?? null) : null,
      heights: known,
      chainHeadNumber,
      answeredAtMs,
      headMovedAtMs: newest(sights.map((each) => each.headMovedAtMs)),
      isTold: sights.some((each) => each.isTold),
      lag,
      checks,
      nodes: sumByName(sights).map((node) => {
        const known = usage.find((each) => each.network === network && each.node === node.name);
        const counted = known && { count: known.calls, sinceMs: known.sinceMs };
        return { ...node, month: counted ? { calls: counted.count, forecast: monthForecast(counted, nowMs) } : null };
      }),
    },
  ];
}

/** What was read was there: the indexer may be ahead of a report that is some seconds old. */
function highestHead(sights: readonly NodeSight[], known: NetworkHeights | null): bigint | null {
  const heard = sights.flatMap(({ headNumber }) => headNumber ?? []);
  if (heard.length === 0) return null;
  return [...heard, known?.headNumber ?? 0n].reduce((highest, number) => (number > highest ? number : highest));
}

/** A worker that has a node which never answered reads the network all the same; without a worker nobody does. */
function silentMs(sights: readonly NodeSight[]): number | null {
  return sights.length === 0 ? null : Number.POSITIVE_INFINITY;
}

function sumByName(sights: readonly NodeSight[]): NodeSight[] {
  const byName = new Map<string, NodeSight>();
  for (const sight of sights) {
    const known = byName.get(sight.name);
    if (!known) {
      byName.set(sight.name, sight);
      continue;
    }
    const later = (sight.lastErrorAtMs ?? 0) > (known.lastErrorAtMs ?? 0) ? sight : known;
    byName.set(sight.name, {
      ...known,
      requests: known.requests + sight.requests,
      errors: known.errors + sight.errors,
      lastErrorAtMs: later.lastErrorAtMs,
      lastError: later.lastError,
      refusal: known.refusal ?? sight.refusal,
    });
  }
  return [...byName.values()];
}

function judgeProcesses({ gates }: HealthRecord, alive: readonly StoredWorkerReport[]): HealthView['processes'] {
  const data = [
    ...gates.map((gate): ProcessLife => ({ kind: 'api', ...gate })),
    ...alive.map(({ startedAtMs, seenAtMs }): ProcessLife => ({ kind: 'worker', startedAtMs, seenAtMs })),
  ];
  return alive.length === 0 ? { state: 'failing', reason: 'no_worker', data } : { state: 'ok', reason: null, data };
}

function judgeQueues(alive: readonly StoredWorkerReport[]): HealthView['queues'] {
  const backend = alive[0]?.queueBackend ?? null;
  const [counted] = alive.filter(({ queues }) => queues !== null).sort((a, b) => b.seenAtMs - a.seenAtMs);
  if (!counted) return { state: 'warning', reason: 'not_counted', backend, countedAtMs: null, data: [] };
  const { queueBackend, seenAtMs } = counted;
  const data = counted.queues ?? [];
  const isPilingUp = data.some(({ waiting }) => waiting > waitingMax);
  const judged = isPilingUp ? pilingUp : fine;
  return { ...judged, backend: queueBackend, countedAtMs: seenAtMs, data };
}

function judgeGas(alive: readonly StoredWorkerReport[], networks: Catalog['networks']): HealthView['gas'] {
  const newest = new Map<string, GasSight>();
  for (const sight of alive.flatMap(({ gas }) => gas)) {
    const known = newest.get(sight.network);
    if (!known || known.readAtMs < sight.readAtMs) newest.set(sight.network, sight);
  }
  const data = networks.flatMap(({ network }) => newest.get(network) ?? []);
  if (data.some(({ balanceWei }) => balanceWei === 0n)) return { state: 'failing', reason: 'empty', data };
  const isLow = data.some(({ balanceWei, balanceMinWei }) => balanceWei < balanceMinWei);
  return isLow ? { state: 'warning', reason: 'low', data } : { ...fine, data };
}

function judgeBooks(
  { nowMs, proofs }: HealthRecord,
  schedules: readonly ScheduleHealth[],
  alive: readonly StoredWorkerReport[],
): HealthView['books'] {
  const last = schedules.find(({ name }) => name === proofSchedule)?.last ?? null;
  const isWhole = last !== null && last.outcome !== 'failed' && (last.counts.failed ?? 0) === 0;
  const checkedAtMs = isWhole ? last.finishedAtMs : newest(proofs.map(({ proof }) => proof?.provedAtMs ?? null));
  const books = { checkedAtMs, data: proofs };
  if (proofs.some(({ proof }) => proof !== null && proof.differenceAtomic !== 0n)) {
    return { ...books, state: 'failing', reason: 'differs' };
  }
  const countsOf = (schedule: string) => schedules.find(({ name }) => name === schedule)?.last?.counts ?? {};
  const { broken = 0, contradictions = 0 } = countsOf(ledgerSchedule);
  if (broken + contradictions > 0) return { ...books, state: 'failing', reason: 'ledger_broken' };
  if ((countsOf(sumsSchedule).differences ?? 0) > 0) return { ...books, state: 'failing', reason: 'sums_differ' };
  if (proofs.some(({ proof }) => proof === null)) {
    // The first proof comes with the first final block and the first tick after it.
    const isStarting = alive.length > 0 && alive.every(({ startedAtMs }) => nowMs - startedAtMs <= proofAgeMsMax);
    return { ...books, state: isStarting ? 'ok' : 'warning', reason: 'not_proved' };
  }
  const isOverdue = proofs.length > 0 && (checkedAtMs === null || nowMs - checkedAtMs > proofAgeMsMax);
  return isOverdue ? { ...books, state: 'warning', reason: 'overdue' } : { ...books, ...fine };
}

const fine = { state: 'ok', reason: null } as const;
const pilingUp = { state: 'warning', reason: 'piling_up' } as const;

function newest(times: readonly (number | null)[]): number | null {
  return times.reduce((latest, time) => (time !== null && (latest === null || time > latest) ? time : latest), null);
}

/** The state of something that is made of several. */
export function worstOf(states: readonly HealthState[]): HealthState {
  if (states.includes('failing')) return 'failing';
  return states.includes('warning') ? 'warning' : 'ok';
}
