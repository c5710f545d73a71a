/** A failure that its message explains to the operator in full: it is printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    options?: { cause?: unknown },
    readonly exitCode = 1,
  ) {
    super(message, options);
  }
}
