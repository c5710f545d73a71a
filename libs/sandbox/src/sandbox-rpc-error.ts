/** A JSON-RPC call to the sandbox chain failed: `retryable` when the node did not answer, not when it refused. */
export class SandboxRpcError extends Error {
  override readonly name = 'SandboxRpcError';
  readonly method: string;
  readonly code: number | null;
  readonly retryable: boolean;

  constructor(method: string, message: string, details: { code?: number | null; cause?: unknown } = {}) {
    super(`${method}: ${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.method = method;
    this.code = details.code ?? null;
    this.retryable = this.code === null;
  }
}
