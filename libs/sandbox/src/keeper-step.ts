/** What the keeper of a sandbox chain knows when it decides. Times are milliseconds of one clock. */
export interface KeeperView {
  nowMs: number;
  blockTimeMs: number;
  headNumber: number;
  headHash: string;
  /** Highest block that holds a chain tx; 0 when there is none. */
  lastTxBlockNumber: number;
  pendingTxCount: number;
  lastMinedAtMs: number;
  /** What the last saved dump holds. */
  saved: { headNumber: number; headHash: string; withHistory: boolean };
  /** No dump begins before this, so that dumps take a fifth of the time at most. */
  nextDumpAtMs: number;
  /** How long the last dump without history took; 0 when there was none. */
  plainDumpMs: number;
  /** How long the last dump with history took; 0 when there was none. */
  historyDumpMs: number;
}

/** One thing for the keeper to do. */
export type KeeperStep =
  | { kind: 'mine' }
  | { kind: 'dump'; withHistory: boolean }
  | { kind: 'wait'; untilMs: number }
  | { kind: 'rest' };

/** `finalized` is this far below the head when anvil runs with `--slots-in-an-epoch 4`. */
export const FINALITY_DEPTH_BLOCKS = 8;

/** While anvil makes a dump with history it may keep callers waiting: longer than this is not worth it. */
const HISTORY_DUMP_MS_MAX = 1_000;

/** Measured: with the state of 64 blocks a dump takes 4 to 9 times as long. */
const HISTORY_COST_FACTOR = 8;

/**
 * A block with chain txs is saved before anything else, long before it is final; then blocks come at the chain's
 * pace while one is wanted; then the chain rests and is saved once more with its history.
 */
export function nextKeeperStep(view: KeeperView): KeeperStep {
  const mayDump = view.nowMs >= view.nextDumpAtMs;
  const hasUnsavedTx = view.lastTxBlockNumber > view.saved.headNumber;
  if (hasUnsavedTx && mayDump) return { kind: 'dump', withHistory: false };

  if (isBlockWanted(view)) {
    const dueAtMs = view.lastMinedAtMs + view.blockTimeMs;
    if (view.nowMs >= dueAtMs) return { kind: 'mine' };
    return { kind: 'wait', untilMs: hasUnsavedTx ? Math.min(dueAtMs, view.nextDumpAtMs) : dueAtMs };
  }
  const canAfford = canAffordHistory(view);
  const isHeadSaved = view.saved.headHash === view.headHash;
  const isSaved = isHeadSaved && (view.saved.withHistory || !canAfford);
  if (!isSaved && mayDump) return { kind: 'dump', withHistory: canAfford };
  return { kind: 'rest' };
}

/** True while a chain tx waits or one that was mined is not final yet. */
function isBlockWanted(view: Pick<KeeperView, 'pendingTxCount' | 'lastTxBlockNumber' | 'headNumber'>): boolean {
  if (view.pendingTxCount > 0) return true;
  return view.lastTxBlockNumber > 0 && view.headNumber < view.lastTxBlockNumber + FINALITY_DEPTH_BLOCKS;
}

/** True while the state of past blocks is worth the time it takes to save. */
export function canAffordHistory(view: Pick<KeeperView, 'plainDumpMs' | 'historyDumpMs'>): boolean {
  const expectedMs = Math.max(view.historyDumpMs, view.plainDumpMs * HISTORY_COST_FACTOR);
  return expectedMs <= HISTORY_DUMP_MS_MAX;
}
