/** How far a network is known: heights up to which blocks are seen, deep enough, and final. */
export type Watermarks = {
  readonly headNumber: bigint;
  readonly confirmedNumber: bigint;
  readonly finalNumber: bigint;
};

export type FinalityStage = 'seen' | 'confirmed' | 'final';

/** The stage of a block. It is read from the watermarks, never stored, so a rollback has nothing to forget. */
export function finalityOf(blockNumber: bigint, marks: Watermarks): FinalityStage {
  if (blockNumber <= marks.finalNumber) return 'final';
  return blockNumber <= marks.confirmedNumber ? 'confirmed' : 'seen';
}

/** The highest block with `depth` blocks on top; never above the head, never below -1 (nothing confirmed yet). */
export function confirmedHeight(headNumber: bigint, depth: number): bigint {
  const height = headNumber - BigInt(depth);
  return height < -1n ? -1n : height;
}
