import { setTimeout as delay } from 'node:timers/promises';
import type { ChainFolder } from './chain-folder.js';
import { dumpChain, readHead } from './dump-chain.js';
import { writeHighWater } from './high-water.js';
import {
  canAffordHistory,
  FINALITY_DEPTH_BLOCKS,
  type KeeperStep,
  type KeeperView,
  nextKeeperStep,
} from './keeper-step.js';
import type { Rpc } from './rpc.js';
import { type BlockHead, parseBlockHead, parseFields, parseQuantity, toQuantity } from './rpc-values.js';

/** A resting chain notices a new chain tx, or a block mined by somebody else, within this time. */
const REST_POLL_MS_MAX = 150;
/** Dumps take one part in five of the time at most. */
const DUMP_PAUSE_FACTOR = 4;
const RETRY_PAUSE_MS = 200;

/** The running keeper of one chain. */
export interface BlockKeeper {
  /** Ends the loop; when the chain still runs, mines what waits, saves the chain and marks it clean. Idempotent. */
  stop(options: { isChainAlive: boolean }): Promise<void>;
}

/** What a keeper looks after. */
export interface BlockKeeperOptions {
  rpc: Rpc;
  folder: ChainFolder;
  blockTimeMs: number;
  /** What the last dump holds; it was made before the keeper began. */
  saved: { head: BlockHead; withHistory: boolean };
  log: (line: string) => void;
}

/** Starts mining a chain at its pace while it has work, resting it when it has none, and saving it. */
export async function startBlockKeeper(options: BlockKeeperOptions): Promise<BlockKeeper> {
  const { blockTimeMs, log, saved } = options;
  const stopping = new AbortController();
  const keeper: KeeperState = {
    ...options,
    highWaterNumber: 0,
    view: {
      nowMs: performance.now(),
      blockTimeMs,
      headNumber: 0,
      headHash: '',
      lastTxBlockNumber: 0,
      pendingTxCount: 0,
      lastMinedAtMs: Number.NEGATIVE_INFINITY,
      saved: { headNumber: saved.head.number, headHash: saved.head.hash, withHistory: saved.withHistory },
      nextDumpAtMs: 0,
      plainDumpMs: 0,
      historyDumpMs: 0,
    },
  };
  await observe(keeper);
  const loop = runLoop(keeper, stopping.signal);
  let stopped: Promise<void> | null = null;
  const stop = async (isChainAlive: boolean): Promise<void> => {
    stopping.abort();
    await loop;
    if (!isChainAlive) return;
    await saveForGood(keeper).catch((error: unknown) => log(`sandbox chain was not saved at the end: ${error}`));
  };
  return {
    stop: ({ isChainAlive }) => {
      stopped ??= stop(isChainAlive);
      return stopped;
    },
  };
}

interface KeeperState extends Omit<BlockKeeperOptions, 'saved'> {
  /** Never below a block that anybody saw, but for what others mined since the last look. */
  highWaterNumber: number;
  view: KeeperView;
}

async function runLoop(keeper: KeeperState, signal: AbortSignal): Promise<void> {
  const restPollMs = Math.min(REST_POLL_MS_MAX, keeper.blockTimeMs);
  let hasFailed = false;
  while (!signal.aborted) {
    try {
      await observe(keeper);
      const step = nextKeeperStep(keeper.view);
      const pauseMs = await perform(keeper, step, restPollMs);
      if (pauseMs > 0) await pause(pauseMs, signal);
      hasFailed = false;
    } catch (error) {
      if (!hasFailed && !signal.aborted) keeper.log(`sandbox chain keeper will try again: ${error}`);
      hasFailed = true;
      await pause(RETRY_PAUSE_MS, signal);
    }
  }
}

/** Does one step and answers how long to pause after it. */
async function perform(keeper: KeeperState, step: KeeperStep, restPollMs: number): Promise<number> {
  switch (step.kind) {
    case 'mine':
      await mine(keeper);
      return 0;
    case 'dump':
      await save(keeper, step.withHistory);
      return 0;
    case 'wait':
      return Math.max(1, step.untilMs - performance.now());
    case 'rest':
      return restPollMs;
  }
}

/** Brings the view up to date; also finds blocks that another process mined or took away. */
async function observe(keeper: KeeperState): Promise<void> {
  const { rpc, view } = keeper;
  const [pool, latest] = await rpc.callAll([
    { method: 'txpool_status' },
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
  ]);
  const head = parseBlockHead(latest);
  view.nowMs = performance.now();
  view.pendingTxCount = parseQuantity(parseFields(pool).pending);
  if (head.hash === view.headHash) return;
  await markSeen(keeper, head.number);
  const newest = await findNewestTxBlock(rpc, head);
  view.lastTxBlockNumber = newest ?? Math.min(view.lastTxBlockNumber, head.number);
  view.headNumber = head.number;
  view.headHash = head.hash;
}

/** Looks at every block that is not final, and at the newest final one. */
async function findNewestTxBlock(rpc: Rpc, head: BlockHead): Promise<number | null> {
  if (head.transactionCount > 0) return head.number;
  const depth = Math.min(FINALITY_DEPTH_BLOCKS, head.number);
  if (depth === 0) return null;
  const numbers = Array.from({ length: depth }, (_, index) => head.number - depth + index);
  const blocks = await rpc.callAll(
    numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(number), false] })),
  );
  return blocks.map(parseBlockHead).findLast((block) => block.transactionCount > 0)?.number ?? null;
}

async function mine(keeper: KeeperState): Promise<void> {
  const { rpc, view } = keeper;
  await markSeen(keeper, view.headNumber + 1);
  await rpc.call('evm_mine');
  const dueAtMs = view.lastMinedAtMs + view.blockTimeMs;
  const nowMs = performance.now();
  // A block that came a little late does not delay the next one; after a rest the pace begins anew.
  view.lastMinedAtMs = nowMs - dueAtMs < view.blockTimeMs ? dueAtMs : nowMs;
}

async function save(keeper: KeeperState, withHistory: boolean): Promise<void> {
  const { rpc, folder, view } = keeper;
  const startedAtMs = performance.now();
  const head = await dumpChain(rpc, folder.dump, withHistory);
  const durationMs = performance.now() - startedAtMs;
  view.nextDumpAtMs = performance.now() + DUMP_PAUSE_FACTOR * durationMs;
  if (withHistory) view.historyDumpMs = durationMs;
  else view.plainDumpMs = durationMs;
  if (head !== null) view.saved = { headNumber: head.number, headHash: head.hash, withHistory };
}

async function saveForGood(keeper: KeeperState): Promise<void> {
  const { rpc, folder, view } = keeper;
  await observe(keeper);
  if (view.pendingTxCount > 0) {
    await mine(keeper);
    await observe(keeper);
  }
  // First the dump that is quick, in case the time to stop runs out.
  if (view.saved.headHash !== view.headHash) await save(keeper, false);
  if (!view.saved.withHistory && canAffordHistory(view)) await save(keeper, true);
  const head = await readHead(rpc);
  const isClean = head.hash === view.saved.headHash;
  await writeHighWater(folder.highWater, { blockNumber: Math.max(keeper.highWaterNumber, head.number), isClean });
}

async function markSeen(keeper: KeeperState, blockNumber: number): Promise<void> {
  if (blockNumber <= keeper.highWaterNumber) return;
  await writeHighWater(keeper.folder.highWater, { blockNumber, isClean: false });
  keeper.highWaterNumber = blockNumber;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
