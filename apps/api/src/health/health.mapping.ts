import type { Health } from '@tollbook/contract';
import { formatDecimal, type Mode } from '@tollbook/domain';
import {
  assetOf,
  type Catalog,
  type FormatAddress,
  type GasSight,
  type HealthView,
  type LatestProof,
  worstOf,
} from '@tollbook/usecases';

type Context = { readonly mode: Mode; readonly catalog: Catalog; readonly formatAddress: FormatAddress };

/** Health as `/v1/health` shows it. */
export function toApiHealth(view: HealthView, facilitators: Health['facilitators'], context: Context): Health {
  const { processes, queues, books, gas } = view;
  return {
    state: worstOf([view.state, facilitators.state]),
    mode: context.mode,
    checkedAt: instantOf(view.nowMs),
    networks: view.networks.map(toApiNetwork),
    processes: {
      state: processes.state,
      reason: processes.reason,
      data: processes.data.map(({ kind, startedAtMs, seenAtMs }) => {
        return { kind, startedAt: instantOf(startedAtMs), seenAt: instantOf(seenAtMs) };
      }),
    },
    queues: {
      state: queues.state,
      reason: queues.reason,
      backend: queues.backend,
      countedAt: instantOrNull(queues.countedAtMs),
      data: queues.data.map((queue) => ({ ...queue })),
    },
    facilitators,
    gas: { state: gas.state, reason: gas.reason, data: gas.data.map((sight) => toApiGas(sight, context)) },
    schedules: view.schedules.map(toApiSchedule),
    books: {
      state: books.state,
      reason: books.reason,
      checkedAt: instantOrNull(books.checkedAtMs),
      data: books.data.flatMap((row) => toApiProof(row, context)),
    },
  };
}

function toApiNetwork(network: HealthView['networks'][number]): Health['networks'][number] {
  const { heights, lag } = network;
  return {
    network: network.network,
    state: network.state,
    reason: network.reason,
    frozenReason: heights?.frozenReason ?? null,
    refusal: network.refusal,
    chainHead: heightOrNull(network.chainHeadNumber),
    answeredAt: instantOrNull(network.answeredAtMs),
    headMovedAt: instantOrNull(network.headMovedAtMs),
    heads: network.isTold ? 'socket' : 'polling',
    indexed: heightOrNull(heights?.headNumber ?? null),
    indexedBlockTime: instantOrNull(heights?.headTimeMs ?? null),
    confirmed: heightOrNull(heights?.confirmedNumber ?? null),
    final: heightOrNull(heights?.finalNumber ?? null),
    confirmDepth: network.confirmDepth,
    lagBlocks: lag?.blocks ?? null,
    lagSeconds: lag?.seconds ?? null,
    checks: network.checks.map(({ kind, through, checkedAtMs, isOtherNode, found, leftOut, ghosts }) => ({
      kind,
      through: Number(through.number),
      checkedAt: instantOf(checkedAtMs),
      isOtherNode,
      found: found.count,
      foundAt: instantOrNull(found.atMs),
      leftOut: leftOut.count,
      leftOutAt: instantOrNull(leftOut.atMs),
      ghosts: ghosts.count,
      ghostsAt: instantOrNull(ghosts.atMs),
    })),
    rpc: network.nodes.map(({ name, windowSeconds, requests, errors, lastErrorAtMs, lastError, refusal, month }) => ({
      name,
      windowSeconds,
      requests,
      errors,
      lastErrorAt: instantOrNull(lastErrorAtMs),
      lastError,
      refusal,
      monthCalls: month?.calls ?? null,
      monthForecast: month?.forecast ?? null,
    })),
  };
}

/** Decimals of every EVM network's own coin. */
const coinDecimals = 18;

function toApiGas(sight: GasSight, { formatAddress }: Context): Health['gas']['data'][number] {
  const { network, balanceWei, balanceMinWei, readAtMs } = sight;
  const isLow = balanceWei < balanceMinWei;
  return {
    network,
    address: formatAddress(network, sight.address),
    state: balanceWei === 0n ? 'failing' : isLow ? 'warning' : 'ok',
    balance: formatDecimal(balanceWei, coinDecimals),
    balanceAtomic: balanceWei.toString(),
    minimum: formatDecimal(balanceMinWei, coinDecimals),
    readAt: instantOf(readAtMs),
  };
}

function toApiSchedule(schedule: HealthView['schedules'][number]): Health['schedules'][number] {
  const { name, state, reason, everyMs, last, nextAtMs } = schedule;
  return {
    name,
    state,
    reason,
    everySeconds: everyMs / 1000,
    lastStartedAt: instantOrNull(last?.startedAtMs ?? null),
    lastFinishedAt: instantOrNull(last?.finishedAtMs ?? null),
    outcome: last?.outcome ?? null,
    counts: { ...last?.counts },
    nextAt: instantOrNull(nextAtMs),
  };
}

/** Nothing for a wallet that was never proved: the reason beside the list says so. */
function toApiProof({ network, wallet, assetId, proof }: LatestProof, { catalog, formatAddress }: Context) {
  if (proof === null) return [];
  const asset = assetOf(catalog, assetId);
  return [
    {
      network,
      wallet: formatAddress(network, wallet),
      asset: formatAddress(network, asset.contract),
      symbol: asset.symbol,
      decimals: asset.decimals,
      block: Number(proof.blockNumber),
      opening: proof.openingAtomic.toString(),
      in: proof.inAtomic.toString(),
      out: proof.outAtomic.toString(),
      closing: proof.closingAtomic.toString(),
      onChain: proof.onChainAtomic.toString(),
      difference: proof.differenceAtomic.toString(),
      provedAt: instantOf(proof.provedAtMs),
    },
  ];
}

/** Heights of -1 stand for none. */
function heightOrNull(number: bigint | null): number | null {
  return number === null || number < 0n ? null : Number(number);
}

function instantOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : instantOf(unixMs);
}

function instantOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
