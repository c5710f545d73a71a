import type { PostgresStartErrorCode } from './postgres-start-error.js';

/** What the last lines of a server that ended by itself mean; `busy` passes by itself, the others do not. */
export type FailureMeaning =
  | 'busy'
  | Extract<PostgresStartErrorCode, 'port_in_use' | 'server_failed' | 'version_mismatch'>;

const busySigns = [
  // Processes of a killed server are still ending.
  'pre-existing shared memory block',
  // Another start was faster, or the old server has not quite ended.
  /lock file ".*postmaster\.pid" (already exists|is empty)/,
  'database system is shutting down',
  'database system is starting up',
];

/** Reads the reason why a server ended from what it wrote; messages are English because we start it so. */
export function explainFailure(serverLines: readonly string[]): FailureMeaning {
  const text = serverLines.join('\n');
  if (busySigns.some((sign) => (typeof sign === 'string' ? text.includes(sign) : sign.test(text)))) return 'busy';
  if (/could not (bind|create any TCP\/IP sockets)/.test(text)) return 'port_in_use';
  if (text.includes('database files are incompatible with server')) return 'version_mismatch';
  return 'server_failed';
}
