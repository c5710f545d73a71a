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
