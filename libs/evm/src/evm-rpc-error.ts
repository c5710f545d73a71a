/** An error that the node itself answered. Kept apart from silence: it tells reverts, ranges and known transactions. */
export class EvmRpcError extends Error {
  override readonly name = 'EvmRpcError';

  constructor(
    readonly code: number,
    /** What the node said, cut short and without addresses of nodes. */
    readonly rpcMessage: string,
    /** Revert data as hex, when the node sent any. */
    readonly data: string | null,
    /** How long to leave the node alone, where it said so. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`error ${code}: ${rpcMessage}`);
  }
}

/** The node's own error behind a failure, or null when the node did not answer one. */
export function rpcErrorOf(error: unknown): EvmRpcError | null {
  if (error instanceof EvmRpcError) return error;
  return error instanceof Error && error.cause !== undefined ? rpcErrorOf(error.cause) : null;
}

/** What nodes say of a block whose state they have pruned: geth, reth, erigon, Nethermind, anvil and providers. */
const stateMissing =
  /missing trie node|historical state|state (is|was|has been) (not available|pruned)|no state available|pruned|archive (node|request)/i;

/** Whether a node has the block but no longer its state. Another may keep it. */
export function isStateMissing(error: unknown): boolean {
  const own = rpcErrorOf(error);
  return own !== null && stateMissing.test(own.rpcMessage);
}
