/** A node that did not answer, or answered what cannot be true. Retryable: it delays, it never decides. */
export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable';
  readonly isRetryable = true;

  constructor(
    readonly network: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Every node that answers has forgotten the state of a block: one that keeps it (an archive node) has to be asked. */
export class ChainStateMissing extends ChainUnavailable {}

/** What a node answers, or null where it is away: for those who decide nothing then and look again. */
export function orNullIfAway<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof ChainUnavailable) return null;
    throw error;
  });
}
