import { zeroAddress } from 'viem';
import type { ChainFolder } from './chain-folder.js';
import { dumpChain, readHead } from './dump-chain.js';
import { readHighWater, writeHighWater } from './high-water.js';
import { FINALITY_DEPTH_BLOCKS } from './keeper-step.js';
import { MINE_BLOCKS_MAX } from './mine-blocks.js';
import type { Rpc } from './rpc.js';
import { type BlockHead, toQuantity } from './rpc-values.js';
import { SandboxRpcError } from './sandbox-rpc-error.js';

/** Blocks mined at once without saving: one fewer than makes the first of them final. */
const STEP_BLOCKS = FINALITY_DEPTH_BLOCKS - 1;

/** The chain as it stands after a restore, and what the saved file holds of it. */
export interface RestoredChain {
  head: BlockHead;
  withHistory: boolean;
}

/**
 * Brings a chain that was loaded from a dump to where it may be shown. Unless the last stop was clean, empty
 * blocks are mined until above every block anybody may have seen: what a crash lost is then a reorg to indexers,
 * never a chain that is merely shorter. And `finalized` is made to name a block whose state can be read.
 */
export async function restoreChain(rpc: Rpc, folder: ChainFolder): Promise<RestoredChain> {
  const loaded = await readHead(rpc);
  const mark = await readHighWater(folder.highWater);
  // Blocks that another process had mined may not have reached the mark.
  const lost = mark !== null && !mark.isClean ? Math.max(mark.blockNumber, loaded.number) + MINE_BLOCKS_MAX + 1 : 0;
  const unreadable = (await isFinalizedReadable(rpc)) ? 0 : loaded.number + FINALITY_DEPTH_BLOCKS + 1;
  const target = Math.max(lost, unreadable);
  if (target <= loaded.number) return { head: loaded, withHistory: true };
  return await mineSaved(rpc, folder, target);
}

async function mineSaved(rpc: Rpc, folder: ChainFolder, target: number): Promise<RestoredChain> {
  await writeHighWater(folder.highWater, { blockNumber: target, isClean: false });
  let head = await readHead(rpc);
  while (head.number < target) {
    const count = Math.min(STEP_BLOCKS, target - head.number);
    await rpc.call('anvil_mine', [toQuantity(count)]);
    // Somebody else mining at this moment only means one more round.
    const saved = await dumpChain(rpc, folder.dump, false);
    head = saved ?? (await readHead(rpc));
  }
  return { head, withHistory: false };
}

async function isFinalizedReadable(rpc: Rpc): Promise<boolean> {
  try {
    await rpc.call('eth_getBalance', [zeroAddress, 'finalized']);
    return true;
  } catch (error) {
    if (error instanceof SandboxRpcError && !error.retryable) return false;
    throw error;
  }
}
