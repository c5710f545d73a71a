import type {
  GasSight,
  NodeSight,
  QueueSight,
  ScheduleSight,
  StoredWorkerReport,
  WorkerReport,
} from '@tollbook/usecases';
import type { WorkerRow } from '../queries/read-health.js';

type Json = Readonly<Record<string, unknown>>;

/** A report as jsonb: heights become text, and `takenAtMs` is the worker's clock, so that its times can be moved. */
export function toDbWorkerReport(report: WorkerReport, takenAtMs: number): Json {
  const nodes = report.nodes.map((node) => ({ ...node, headNumber: node.headNumber?.toString() ?? null }));
  const gas = report.gas.map(({ balanceWei, balanceMinWei, ...rest }) => {
    return { ...rest, balanceWei: balanceWei.toString(), balanceMinWei: balanceMinWei.toString() };
  });
  return { ...report, nodes, gas, takenAtMs };
}

/** Null for what a worker of another release told in words of its own: its report is not worth a broken page. */
export function fromDbWorkerReport({ seen_at, ended_at, report }: WorkerRow): StoredWorkerReport | null {
  try {
    return { ...parseReport(objectOf(report), seen_at.getTime()), seenAtMs: seen_at.getTime(), hasEnded: !!ended_at };
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

function parseReport(json: Json, seenAtMs: number): WorkerReport {
  const shiftMs = seenAtMs - numberOf(json.takenAtMs);
  const at = (value: unknown) => numberOf(value) + shiftMs;
  const { queueBackend } = json;
  if (queueBackend !== 'postgres' && queueBackend !== 'redis') throw new NotUnderstood('queueBackend');
  return {
    startedAtMs: at(json.startedAtMs),
    queueBackend,
    queues: orNull(json.queues, (queues) => listOf(queues).map(parseQueue)),
    nodes: listOf(json.nodes).map((node) => parseNode(node, at)),
    // A worker of the release before tells of none.
    gas: listOf(json.gas ?? []).map((gas) => parseGas(gas, at)),
    schedules: listOf(json.schedules).map((schedule) => parseSchedule(schedule, at)),
  };
}

function parseQueue(json: Json): QueueSight {
  return {
    name: textOf(json.name),
    waiting: numberOf(json.waiting),
    active: numberOf(json.active),
    delayed: numberOf(json.delayed),
    failed: numberOf(json.failed),
  };
}

function parseNode(json: Json, at: (value: unknown) => number): NodeSight {
  return {
    network: textOf(json.network),
    name: textOf(json.name),
    headNumber: orNull(json.headNumber, heightOf),
    answeredAtMs: orNull(json.answeredAtMs, at),
    headMovedAtMs: orNull(json.headMovedAtMs, at),
    windowSeconds: numberOf(json.windowSeconds),
    requests: numberOf(json.requests),
    errors: numberOf(json.errors),
    lastErrorAtMs: orNull(json.lastErrorAtMs, at),
    lastError: orNull(json.lastError, textOf),
    // A worker of the release before does not tell it.
    isTold: json.isTold === true,
    refusal: orNull(json.refusal ?? null, textOf),
  };
}

function parseGas(json: Json, at: (value: unknown) => number): GasSight {
  return {
    network: textOf(json.network),
    address: textOf(json.address),
    balanceWei: weiOf(json.balanceWei),
    balanceMinWei: weiOf(json.balanceMinWei),
    readAtMs: at(json.readAtMs),
  };
}

function parseSchedule(json: Json, at: (value: unknown) => number): ScheduleSight {
  const last = orNull(json.last, objectOf);
  return {
    name: textOf(json.name),
    everyMs: numberOf(json.everyMs),
    last: last && {
      startedAtMs: at(last.startedAtMs),
      finishedAtMs: at(last.finishedAtMs),
      outcome: outcomeOf(last.outcome),
      counts: Object.fromEntries(Object.entries(objectOf(last.counts)).map(([key, count]) => [key, numberOf(count)])),
    },
  };
}

function orNull<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return value === null ? null : parse(value);
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotUnderstood('object');
  return { ...value };
}

function listOf(value: unknown): Json[] {
  if (!Array.isArray(value)) throw new NotUnderstood('list');
  return value.map(objectOf);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new NotUnderstood('text');
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new NotUnderstood('number');
  return value;
}

function heightOf(value: unknown): bigint {
  const text = textOf(value);
  if (!/^\d{1,18}$/.test(text)) throw new NotUnderstood('height');
  return BigInt(text);
}

function weiOf(value: unknown): bigint {
  const text = textOf(value);
  if (!/^\d{1,78}$/.test(text)) throw new NotUnderstood('wei');
  return BigInt(text);
}

function outcomeOf(value: unknown): 'done' | 'idle' | 'failed' {
  if (value !== 'done' && value !== 'idle' && value !== 'failed') throw new NotUnderstood('outcome');
  return value;
}
