import { PostgresStartError } from './postgres-start-error.js';

/** Throws a PostgresStartError `aborted` when the start was given up. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new PostgresStartError('aborted', 'The start of PostgreSQL was given up.');
}
