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
  /** Since a second reading found transfers in the books that the chain does not have; null for never. */
  readonly ghostsMsAgo: number | null;
  /** Since one of two readings left out a transfer; null for never. */
  readonly leftOutMsAgo: number | null;
  /** Final blocks as they were read, and how old the newest of them usually is. */
  readonly finalNumber: bigint | null;
  readonly finalSeconds: number;
};

/**
 * Stopped below the final block; transfers booked that the chain does not have; read by nobody; its node not what it
 * should be; its node silent; too far back; blocks that do not become final; a node that left out transfers.
 */
export type IndexerProblem =
  | 'frozen'
  | 'ghosts'
  | 'not_read'
  | 'node_refused'
  | 'node_away'
  | 'behind'
  | 'finality_late'
  | 'logs_left_out';

/** A node that is asked twice a second has not answered for this long. */
export const nodeAwayMs = 20_000;
/** Buyers wait for confirmations anyway; beyond this they wait for us. */
export const behindSecondsMax = 30;

/** What a second reading found is told for a day, unless it is found again. */
export const findingToldMs = 24 * 3_600_000;
/** So many times its usual age, and never below a quarter of an hour: batches are late now and then. */
const finalityLateFactor = 3;
const finalityLateSecondsMin = 900;

/** Blocks that the node has and the books have not read, and how long the network usually takes to make them. */
export function indexerLag({ chainHeadNumber, indexedNumber, blockMs }: IndexerSight) {
  if (chainHeadNumber === null || indexedNumber === null) return null;
  // A fork, or a node other than the one that was read, may be lower.
  const blocks = chainHeadNumber > indexedNumber ? Number(chainHeadNumber - indexedNumber) : 0;
  return { blocks, seconds: Math.round((blocks * blockMs) / 1000) };
}

/** What is wrong with the reading of a network, the worst first; null when it is level with its chain. */
export function indexerProblem(sight: IndexerSight): IndexerProblem | null {
  const isTold = (msAgo: number | null) => msAgo !== null && msAgo <= findingToldMs;
  if (sight.isFrozen) return 'frozen';
  if (isTold(sight.ghostsMsAgo)) return 'ghosts';
  if (sight.answeredMsAgo === null) return 'not_read';
  if (sight.isRefused) return 'node_refused';
  if (sight.answeredMsAgo > nodeAwayMs) return 'node_away';
  const lag = indexerLag(sight);
  if (lag !== null && lag.seconds > behindSecondsMax) return 'behind';
  if (isFinalityLate(sight)) return 'finality_late';
  return isTold(sight.leftOutMsAgo) ? 'logs_left_out' : null;
}

function isFinalityLate({ indexedNumber, finalNumber, finalSeconds, blockMs }: IndexerSight): boolean {
  if (indexedNumber === null || finalNumber === null) return false;
  const seconds = (Number(indexedNumber - finalNumber) * blockMs) / 1000;
  return seconds > Math.max(finalityLateFactor * finalSeconds, finalityLateSecondsMin);
}
