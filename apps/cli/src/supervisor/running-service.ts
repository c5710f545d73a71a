import { CliError } from '../cli-error.js';

/** A process that the supervisor keeps running. */
export interface RunningService {
  readonly pid: number;
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>;
  /** Asks it to end in its own time; returns at once. */
  askToEnd(): void;
  /** Ends it without asking; returns at once. */
  kill(): void;
  /** The last it said. */
  lastLines(): readonly string[];
}

/** It ended, or was ended, before it was ready; `message` says how. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';

  constructor(
    message: string,
    readonly lastLines: readonly string[],
  ) {
    super(message);
  }
}

/** What ends a start for good, for the operator: a service that did not start said why, and its stack is ours. */
export function explainStart(name: string, error: unknown): unknown {
  return error instanceof StartFailed ? new CliError(`The ${name} did not start: ${error.message}`) : error;
}
