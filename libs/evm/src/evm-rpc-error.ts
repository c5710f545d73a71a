/** An error that the node itself answered. Kept apart from silence: it tells reverts, ranges and known transactions. */
export class EvmRpcError extends Error {
  override readonly name = 'EvmRpcError';

  constructor(
    readonly code: number,
    /** What the node said, cut short and without addresses of nodes. */
    readonly rpcMessage: string,
    /** Revert data as hex, when the node sent any. */
    readonly data: string | null,
  ) {
    super(`error ${code}: ${rpcMessage}`);
  }
}

/** The node's own error behind a failure, or null when the node did not answer one. */
export function rpcErrorOf(error: unknown): EvmRpcError | null {
  if (error instanceof EvmRpcError) return error;
  return error instanceof Error && error.cause !== undefined ? rpcErrorOf(error.cause) : null;
}
