import { assert, type BlockHeader } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import type { EvmRpc } from './evm-rpc.js';
import { isRangeTooLarge } from './range-error.js';
import { readHeaders } from './read-headers.js';

export type RangePart<Item> = { readonly items: readonly Item[]; readonly end: BlockHeader };

/** Reads a range whole, or in parts where the provider refuses its size. */
export type RangeWalk = <Item>(
  fromNumber: bigint,
  toNumber: bigint,
  readPart: (fromNumber: bigint, toNumber: bigint) => Promise<RangePart<Item>>,
) => Promise<RangePart<Item>>;

/** Full parts in a row after which a larger one is tried: a refusal costs a round trip. */
const partsBeforeGrowth = 16;

/**
 * A walk that halves what a provider refuses, remembers the size that went through, and tries an eighth more now and
 * then. Parts of one range must lie on one chain: their last headers are read again together at the end.
 */
export function createRangeWalk(rpc: EvmRpc): RangeWalk {
  // Set by a size that went through, never by a refusal alone: an outage in the words of a range error teaches nothing.
  let provenBlocks: bigint | null = null;
  let partsInRow = 0;

  return async <Item>(
    fromNumber: bigint,
    toNumber: bigint,
    readPart: (fromNumber: bigint, toNumber: bigint) => Promise<RangePart<Item>>,
  ) => {
    assert(fromNumber <= toNumber, 'a range of blocks does not end before it begins');
    const items: Item[] = [];
    const ends: BlockHeader[] = [];
    let isLimited = provenBlocks !== null;
    let blocksMax = provenBlocks ?? toNumber - fromNumber + 1n;
    for (let next = fromNumber; next <= toNumber; ) {
      if (isLimited && partsInRow >= partsBeforeGrowth) {
        blocksMax += (blocksMax >> 3n) + 1n;
        partsInRow = 0;
      }
      const last = next + blocksMax - 1n < toNumber ? next + blocksMax - 1n : toNumber;
      const blocks = last - next + 1n;
      try {
        const part = await readPart(next, last);
        items.push(...part.items);
        ends.push(part.end);
        next = last + 1n;
        if (isLimited && blocks === blocksMax) {
          provenBlocks = blocksMax;
          partsInRow += 1;
        }
      } catch (error) {
        if (blocks === 1n || !isRangeTooLarge(error)) throw error;
        const half = blocks / 2n;
        blocksMax = provenBlocks !== null && provenBlocks < blocks && provenBlocks > half ? provenBlocks : half;
        isLimited = true;
        partsInRow = 0;
      }
    }
    return { items, end: await sameChainEnd(rpc, ends) };
  };
}

async function sameChainEnd(rpc: EvmRpc, ends: readonly BlockHeader[]): Promise<BlockHeader> {
  const end = ends.at(-1);
  assert(end !== undefined, 'a range has a last part');
  const again =
    ends.length === 1
      ? ends
      : await readHeaders(
          rpc,
          ends.map(({ number }) => number),
        );
  if (again.some((header, index) => header?.hash !== ends[index]?.hash)) {
    throw new ChainUnavailable(rpc.network, 'the chain changed while a range was read in parts');
  }
  return end;
}
