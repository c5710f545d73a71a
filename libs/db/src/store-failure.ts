/** Two transactions were in each other's way; the one that lost was rolled back whole and may run again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** serialization_failure and deadlock_detected. */
const conflictCodes = new Set(['40001', '40P01']);

/**
 * SQLSTATEs that say nothing about the statement, only that the server could not take it now: shutdown, start-up, too
 * many connections, a statement or a lock that took too long, a standby that does not write.
 */
const unavailableCodes = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '57014', '55P03', '25006', '25P03']);
const connectionClass = '08';

/** What the operating system says when there is nobody at the other end. */
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** What the driver says, without a code, when a connection ended or none came in time. */
const driverMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  // The process ends, and this was more than it waited for.
  'Cannot use a pool after calling end on the pool',
];

/** Whether a transaction may be run again from its start. */
export function isConflict(error: unknown): boolean {
  return conflictCodes.has(codeOf(error));
}

/** A statement that took too long, or waited too long for a lock. */
const tooSlowCodes = new Set(['57014', '55P03']);

/** Whether a sound server gave a statement up, mostly because of a lock that somebody else holds. */
export function isTooSlow(error: unknown): boolean {
  return tooSlowCodes.has(codeOf(error));
}

/** Whether the database did not answer, as opposed to having refused. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== '') return unavailableCodes.has(code) || socketCodes.has(code) || isConnectionCode(code);
  // Several addresses were tried, and none answered.
  if (error instanceof AggregateError) return error.errors.every(isUnavailable);
  return error instanceof Error && driverMessages.some((message) => error.message.startsWith(message));
}

function isConnectionCode(code: string): boolean {
  return code.length === 5 && code.startsWith(connectionClass);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
