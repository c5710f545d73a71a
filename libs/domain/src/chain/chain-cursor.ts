/** A block's place in its chain. Hashes are lower-case hex. */
export type BlockHeader = {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  readonly timeUnixSeconds: number;
};

/** Where scanning stands. Everything up to `head` was read without a gap. */
export type ChainPosition = {
  readonly head: Pick<BlockHeader, 'number' | 'hash'>;
  readonly final: Pick<BlockHeader, 'number' | 'hash'>;
};

export type ScanPlan =
  | { readonly kind: 'idle' }
  /** The node has fewer blocks than we read: it is behind, which is no evidence of a reorg. */
  | { readonly kind: 'node_behind' }
  | { readonly kind: 'advance'; readonly fromNumber: bigint; readonly toNumber: bigint }
  | { readonly kind: 'rewind' };

/**
 * What to do next, given what the node says now. `hashAtOurHead` is the node's hash at our cursor's height, null when
 * it has no such block.
 */
export function planScan(
  ours: ChainPosition,
  node: { readonly headNumber: bigint; readonly hashAtOurHead: string | null },
  blocksMax: bigint,
): ScanPlan {
  if (node.headNumber < ours.head.number || node.hashAtOurHead === null) return { kind: 'node_behind' };
  if (node.hashAtOurHead !== ours.head.hash) return { kind: 'rewind' };
  if (node.headNumber === ours.head.number) return { kind: 'idle' };
  const fromNumber = ours.head.number + 1n;
  const toNumber = node.headNumber - fromNumber >= blocksMax ? fromNumber + blocksMax - 1n : node.headNumber;
  return { kind: 'advance', fromNumber, toNumber };
}

export type AncestorSearch =
  | { readonly kind: 'found'; readonly ancestor: Pick<BlockHeader, 'number' | 'hash'> }
  | { readonly kind: 'beyond_window' };

/** The newest of our headers that the node still has, both lists by height. */
export function commonAncestor(
  ours: readonly Pick<BlockHeader, 'number' | 'hash'>[],
  nodeHashOf: ReadonlyMap<bigint, string>,
): AncestorSearch {
  const newestFirst = [...ours].sort((a, b) => (a.number < b.number ? 1 : -1));
  const ancestor = newestFirst.find((header) => nodeHashOf.get(header.number) === header.hash);
  return ancestor ? { kind: 'found', ancestor } : { kind: 'beyond_window' };
}

/** Whether headers follow on one another and on `parent`, without a gap. */
export function isLinked(parent: Pick<BlockHeader, 'number' | 'hash'>, headers: readonly BlockHeader[]): boolean {
  let previous = parent;
  for (const header of headers) {
    if (header.number !== previous.number + 1n || header.parentHash !== previous.hash) return false;
    previous = header;
  }
  return true;
}
