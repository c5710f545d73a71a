import { createRpc } from './rpc.js';
import { toQuantity } from './rpc-values.js';

/**
 * The most blocks one call adds: as many as lie between the head and `finalized`, so that no block becomes final
 * before the sandbox has saved it.
 */
export const MINE_BLOCKS_MAX = 8;

/**
 * Makes a chain mine at once, with the wall clock as block time: for a worker whose intent must expire in chain
 * time while the sandbox rests. `count` is 1 to 8, else `RangeError`; ask again when more are needed.
 */
export async function mineBlocks(rpcUrl: string, count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 1 || count > MINE_BLOCKS_MAX) {
    throw new RangeError(`count must be 1 to ${MINE_BLOCKS_MAX}, not ${count}`);
  }
  await createRpc(rpcUrl).call('anvil_mine', [toQuantity(count)]);
}
