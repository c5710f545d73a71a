/** What is asked for first, and at most. A node of one's own takes 100,000 blocks; most providers 10,000 or fewer. */
const startBlocks = 10_000n;
const blocksMax = 100_000n;
/** What one answer should hold at most: beyond it memory and the dbTx that writes it grow, and speed does not. */
const itemsMax = 2_000;
/** Full parts in a row after which a size that was refused is tried again: a refusal costs a round trip. */
const partsBeforeRetry = 128;

type Learned = { readonly blocks: bigint; readonly refusedBlocks: bigint | null };

/**
 * How many blocks a provider is asked for at once. It grows by half while that goes through, shrinks to what a refusal
 * names or to half, and then closes in on the cap between the two. A refusal teaches only once a smaller size went
 * through: an outage in the words of a range error teaches nothing.
 */
export class RangeSize {
  private now: Learned = { blocks: startBlocks, refusedBlocks: null };
  private proven = this.now;
  private partsInRow = 0;

  /** What to ask for of `wanted` blocks. */
  of(wanted: bigint): bigint {
    return wanted < this.now.blocks ? wanted : this.now.blocks;
  }

  /** `items` is how much the answer held. */
  took(asked: bigint, items: number): void {
    if (items > itemsMax) {
      this.now = { ...this.now, blocks: atLeastOne((asked * BigInt(itemsMax)) / BigInt(items)) };
      this.proven = this.now;
      return;
    }
    // Less was wanted than may be asked for: nothing new is known about larger sizes.
    if (asked >= this.now.blocks && items * 2 <= itemsMax) {
      this.partsInRow += 1;
      this.now = this.larger();
    }
    this.proven = this.now;
  }

  /** `told` is the size that the provider named, if any. */
  refused(asked: bigint, told: bigint | null): void {
    this.partsInRow = 0;
    const isOfUse = told !== null && told < asked;
    const blocks = isOfUse ? told : asked / 2n;
    this.now = { blocks: atLeastOne(blocks), refusedBlocks: isOfUse ? told + 1n : asked };
  }

  /** Nothing went through, however small: what was refused on the way is forgotten. */
  gaveUp(): void {
    this.now = this.proven;
    this.partsInRow = 0;
  }

  private larger(): Learned {
    const { blocks, refusedBlocks } = this.now;
    const half = blocks + (blocks >> 1n) + 1n;
    const grown = half < blocksMax ? half : blocksMax;
    if (refusedBlocks === null || grown < refusedBlocks) return { blocks: grown, refusedBlocks };
    if (refusedBlocks - blocks > (blocks >> 3n) + 1n) return { blocks: (blocks + refusedBlocks) >> 1n, refusedBlocks };
    if (this.partsInRow < partsBeforeRetry) return this.now;
    this.partsInRow = 0;
    return { blocks: blocks + (blocks >> 3n) + 1n, refusedBlocks: null };
  }
}

function atLeastOne(blocks: bigint): bigint {
  return blocks > 0n ? blocks : 1n;
}
