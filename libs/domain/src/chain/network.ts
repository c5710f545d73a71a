/** Chain families that Tollbook speaks. */
export const networkFamilies = ['evm', 'svm'] as const;
export type NetworkFamily = (typeof networkFamilies)[number];

/** One network as data: nothing about a chain is written into code paths. */
export type Network = {
  readonly networkId: number;
  /** CAIP-2. */
  readonly network: string;
  readonly mode: 'test' | 'live';
  readonly family: NetworkFamily;
  readonly blockMs: number;
  /** Blocks on top before a transfer counts as confirmed; null means the chain's own `confirmed` commitment. */
  readonly confirmDepth: number | null;
  /** Whether its nodes know a `safe` block between the newest and the final one. */
  readonly hasSafeTag: boolean;
  /** How old its newest final block usually is. */
  readonly finalSeconds: number;
  /** The deepest reorg that is ordinary there, in blocks. */
  readonly reorgBlocks: number;
};

/** Blocks that a network makes in an hour: how far back headers are kept, and a reorg is followed by them. */
export function blocksPerHour({ blockMs }: Pick<Network, 'blockMs'>): bigint {
  return BigInt(Math.ceil(3_600_000 / blockMs));
}
