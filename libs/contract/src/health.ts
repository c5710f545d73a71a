import { z } from 'zod';
import { booksProofRowSchema } from './books-proof.js';
import { facilitatorSchema } from './facilitator.js';
import {
  atomicTextSchema,
  blockNumberSchema,
  decimalTextSchema,
  instantSchema,
  modeSchema,
  networkSchema,
} from './scalar.js';

/** `warning` wants a look soon, `failing` wants one now. */
export const healthStateSchema = z.enum(['ok', 'warning', 'failing']);

/** A node as the workers saw it within the window. It has a name of ours: its address may hold a key. */
export const rpcHealthSchema = z.object({
  name: z.string().min(1),
  windowSeconds: z.int().positive(),
  requests: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  lastErrorAt: instantSchema.nullable(),
  lastError: z.string().nullable(),
  /** Why this one is asked nothing, though another may serve the network; null for one that is what it should be. */
  refusal: z.string().nullable(),
  /** Calls of this month (UTC) by every process, a batch counted as the calls in it; null before the first are kept. */
  monthCalls: z.int().nonnegative().nullable(),
  /** What they come to by the end of the month; null while too little of it is known. */
  monthForecast: z.int().nonnegative().nullable(),
});

/** Blocks that were read a second time: an answer without logs proves nothing. */
const chainCheckSchema = z.object({
  /** The last 64 blocks at each look; every block once its chain calls it safe, and final. */
  kind: z.enum(['overlap', 'safe', 'final']),
  through: blockNumberSchema,
  checkedAt: instantSchema,
  /** False where one node alone is named: then it is asked again itself. */
  isOtherNode: z.boolean(),
  /** Transfers that the first reading did not show, and that were booked then. */
  found: z.int().nonnegative(),
  foundAt: instantSchema.nullable(),
  /** Transfers that are on the chain, and that the second reading left out. */
  leftOut: z.int().nonnegative(),
  leftOutAt: instantSchema.nullable(),
  /** Transfers in the books that the chain does not have. */
  ghosts: z.int().nonnegative(),
  ghostsAt: instantSchema.nullable(),
});

/** How level the indexer is with one network. Heights are null while nothing was read. */
export const networkHealthSchema = z.object({
  network: networkSchema,
  state: healthStateSchema,
  /**
   * Why it is not `ok`: stopped below the final block, transfers are booked that the chain does not have, no worker reads
   * it, its node is of another chain or has another token, its node is silent, it is too far back, its blocks do not become
   * final, or a node left out transfers within the last day.
   */
  reason: z
    .enum(['frozen', 'ghosts', 'not_read', 'node_refused', 'node_away', 'behind', 'finality_late', 'logs_left_out'])
    .nullable(),
  frozenReason: z.string().nullable(),
  /** With `node_refused`: what is wrong. Nothing is taken or read there until it is mended. */
  refusal: z.string().nullable(),
  /** The node's own height, and when a worker last heard it and last saw it move. */
  chainHead: blockNumberSchema.nullable(),
  answeredAt: instantSchema.nullable(),
  headMovedAt: instantSchema.nullable(),
  /** How new blocks are heard of: by a WebSocket that tells of them, or by asking. */
  heads: z.enum(['socket', 'polling']),
  indexed: blockNumberSchema.nullable(),
  /** The chain's time of the indexed block. */
  indexedBlockTime: instantSchema.nullable(),
  confirmed: blockNumberSchema.nullable(),
  final: blockNumberSchema.nullable(),
  /** Blocks on top before a transfer counts as confirmed; null means the chain's own commitment. */
  confirmDepth: z.int().nonnegative().nullable(),
  lagBlocks: z.int().nonnegative().nullable(),
  /** The lag in blocks at the network's usual pace. */
  lagSeconds: z.int().nonnegative().nullable(),
  /** None before the first. */
  checks: z.array(chainCheckSchema),
  rpc: z.array(rpcHealthSchema),
});

/** One process that showed life a moment ago. */
export const processHealthSchema = z.object({
  kind: z.enum(['api', 'worker']),
  startedAt: instantSchema,
  seenAt: instantSchema,
});

/** Jobs that wait in one queue. */
export const queueHealthSchema = z.object({
  name: z.string().min(1),
  waiting: z.int().nonnegative(),
  active: z.int().nonnegative(),
  delayed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});

/** One schedule: its last run, and when the next is due. */
export const scheduleHealthSchema = z.object({
  name: z.string().min(1),
  state: healthStateSchema,
  reason: z.enum(['failed', 'overdue', 'never_ran']).nullable(),
  everySeconds: z.number().positive(),
  lastStartedAt: instantSchema.nullable(),
  lastFinishedAt: instantSchema.nullable(),
  /** `idle` found nothing to do. */
  outcome: z.enum(['done', 'idle', 'failed']).nullable(),
  /** What the last run did, by name. */
  counts: z.record(z.string(), z.number()),
  /** Null before the first run, and while no worker lives. */
  nextAt: instantSchema.nullable(),
});

/** The newest proof of one wallet and token, with what shows its amounts. */
export const walletProofSchema = booksProofRowSchema.extend({
  symbol: z.string().min(1),
  decimals: z.int().nonnegative(),
  /** When these very amounts were proved first; `checkedAt` beside the list tells when they were looked at last. */
  provedAt: instantSchema,
});

/** One who settles; without an id where no list names it. */
const facilitatorHealthSchema = facilitatorSchema
  .pick({ kind: true, name: true, state: true, reason: true, networks: true, scorecard: true })
  .extend({ id: facilitatorSchema.shape.id.nullable() });

/** The gas money on one network, in its own coin. */
const gasHealthSchema = z.object({
  network: networkSchema,
  address: z.string().min(1),
  state: healthStateSchema,
  balance: decimalTextSchema,
  balanceAtomic: atomicTextSchema,
  /** Below it an alarm is raised. */
  minimum: decimalTextSchema,
  readAt: instantSchema,
});

/** `GET /v1/health`: whether everything behind the books works, for the networks of the book's mode. */
export const healthSchema = z.object({
  /** The worst of all that follows. */
  state: healthStateSchema,
  mode: modeSchema,
  checkedAt: instantSchema,
  networks: z.array(networkHealthSchema),
  processes: z.object({
    state: healthStateSchema,
    reason: z.enum(['no_worker']).nullable(),
    data: z.array(processHealthSchema),
  }),
  queues: z.object({
    state: healthStateSchema,
    /** Nobody could count them, or jobs wait that no worker takes. */
    reason: z.enum(['not_counted', 'piling_up']).nullable(),
    /** Where jobs wait; null while no worker lives. */
    backend: z.enum(['postgres', 'redis']).nullable(),
    countedAt: instantSchema.nullable(),
    data: z.array(queueHealthSchema),
  }),
  /** Who settles for the book, in the order in which they are asked. */
  facilitators: z.object({
    state: healthStateSchema,
    /** Nobody is ready, so nothing can be paid; or one of several is away. */
    reason: z.enum(['none_ready', 'away']).nullable(),
    data: z.array(facilitatorHealthSchema),
  }),
  /** What the built-in facilitator has left to pay for gas. */
  gas: z.object({
    state: healthStateSchema,
    reason: z.enum(['low', 'empty']).nullable(),
    data: z.array(gasHealthSchema),
  }),
  schedules: z.array(scheduleHealthSchema),
  /** The book's own proofs. */
  books: z.object({
    state: healthStateSchema,
    /** The chain says something else, nothing was proved yet, or the schedule that proves does not run. */
    reason: z.enum(['differs', 'ledger_broken', 'sums_differ', 'not_proved', 'overdue']).nullable(),
    checkedAt: instantSchema.nullable(),
    data: z.array(walletProofSchema),
  }),
});

export type HealthState = z.infer<typeof healthStateSchema>;
export type NetworkHealth = z.infer<typeof networkHealthSchema>;
export type ScheduleHealth = z.infer<typeof scheduleHealthSchema>;
export type Health = z.infer<typeof healthSchema>;
