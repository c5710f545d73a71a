import { assert, type BlockHeader } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import type { EvmRpc } from './evm-rpc.js';
import { readRangeRefusal } from './range-error.js';
import { RangeSize } from './range-size.js';
import { readHeaders } from './read-headers.js';

export type RangePart<Item> = { readonly items: readonly Item[]; readonly end: BlockHeader };

type ReadPart<Item> = (fromNumber: bigint, toNumber: bigint) => Promise<RangePart<Item>>;

/** Reads ranges of blocks in sizes that the provider takes. */
export type RangeReader = {
  /** As much of a range, from its first block on, as one question may hold. */
  first<Item>(fromNumber: bigint, toNumber: bigint, readPart: ReadPart<Item>): Promise<RangePart<Item>>;
  /** A range to its end. Its parts must lie on one chain: their last headers are read again together at the end. */
  whole<Item>(fromNumber: bigint, toNumber: bigint, readPart: ReadPart<Item>): Promise<RangePart<Item>>;
};

/** The sizes that go through are remembered as long as the reader lives. */
export function createRangeReader(rpc: EvmRpc): RangeReader {
  const size = new RangeSize();

  async function first<Item>(fromNumber: bigint, toNumber: bigint, readPart: ReadPart<Item>): Promise<RangePart<Item>> {
    assert(fromNumber <= toNumber, 'a range of blocks does not end before it begins');
    // Each refusal asks for fewer blocks, down to one.
    for (;;) {
      const blocks = size.of(toNumber - fromNumber + 1n);
      try {
        const part = await readPart(fromNumber, fromNumber + blocks - 1n);
        size.took(blocks, part.items.length);
        return part;
      } catch (error) {
        const refusal = readRangeRefusal(error);
        if (blocks === 1n || refusal?.kind !== 'too_many_blocks') {
          size.gaveUp();
          throw error;
        }
        size.refused(blocks, refusal.blocksMax);
      }
    }
  }

  return {
    first,
    async whole<Item>(fromNumber: bigint, toNumber: bigint, readPart: ReadPart<Item>) {
      const items: Item[] = [];
      const ends: BlockHeader[] = [];
      for (let next = fromNumber; next <= toNumber; ) {
        const part = await first(next, toNumber, readPart);
        for (const item of part.items) items.push(item);
        ends.push(part.end);
        next = part.end.number + 1n;
      }
      return { items, end: await sameChainEnd(rpc, ends) };
    },
  };
}

async function sameChainEnd(rpc: EvmRpc, ends: readonly BlockHeader[]): Promise<BlockHeader> {
  const end = ends.at(-1);
  assert(end !== undefined, 'a range of blocks does not end before it begins');
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
