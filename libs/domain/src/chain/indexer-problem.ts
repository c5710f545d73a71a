/** What is known of one network at one moment; null where nothing is. */
export type IndexerSight = {
  /** The node's own height, as a worker heard it last. */
  readonly chainHeadNumber: bigint | null;
  /** Since a worker last got an answer of the node; null while no worker reads the network. */
  readonly answeredMsAgo: number | null;
  readonly indexedNumber: bigint | null;
  readonly isFrozen: boolean;
  /** Whether every node that is configured is of another chain or has another token. */
  readonly isRefused: boolean;
  readonly blockMs: number;
};

/** Stopped below the final block; read by nobody; its node not what it should be; its node silent; too far back. */
export type IndexerProblem = 'frozen' | 'not_read' | 'node_refused' | 'node_away' | 'behind';

/** A node that is asked twice a second has not answered for this long. */
export const nodeAwayMs = 20_000;
/** Buyers wait for confirmations anyway; beyond this they wait for us. */
export const behindSecondsMax = 30;

/** Blocks that the node has and the books have not read, and how long the network usually takes to make them. */
export function indexerLag({ chainHeadNumber, indexedNumber, blockMs }: IndexerSight) {
  if (chainHeadNumber === null || indexedNumber === null) return null;
  // A fork, or a node other than the one that was read, may be lower.
  const blocks = chainHeadNumber > indexedNumber ? Number(chainHeadNumber - indexedNumber) : 0;
  return { blocks, seconds: Math.round((blocks * blockMs) / 1000) };
}

/** What is wrong with the reading of a network, the worst first; null when it is level with its chain. */
export function indexerProblem(sight: IndexerSight): IndexerProblem | null {
  if (sight.isFrozen) return 'frozen';
  if (sight.answeredMsAgo === null) return 'not_read';
  if (sight.isRefused) return 'node_refused';
  if (sight.answeredMsAgo > nodeAwayMs) return 'node_away';
  const lag = indexerLag(sight);
  return lag !== null && lag.seconds > behindSecondsMax ? 'behind' : null;
}
