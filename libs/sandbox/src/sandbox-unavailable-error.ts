/** The sandbox chain cannot run here or with this data folder; the message says what the operator can do. */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';

  constructor(message: string, details: { cause?: unknown; nodeLines?: string } = {}) {
    const quoted = details.nodeLines ? `\nanvil said:\n${details.nodeLines}` : '';
    super(message + quoted, details.cause === undefined ? undefined : { cause: details.cause });
  }
}
