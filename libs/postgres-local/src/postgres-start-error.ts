/** Why PostgreSQL could not be started; stable, so that callers may branch on it. */
export type PostgresStartErrorCode =
  | 'aborted'
  | 'account_missing'
  | 'binaries_unusable'
  | 'folder_busy'
  | 'folder_not_ours'
  | 'folder_not_reachable'
  | 'init_failed'
  | 'not_ready_in_time'
  | 'passwords_missing'
  | 'platform_unsupported'
  | 'port_in_use'
  | 'server_failed'
  | 'version_mismatch';

/** A failed start: says what to do and quotes the server's last lines when there are any; never holds a password. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';
  readonly code: PostgresStartErrorCode;
  readonly serverLines: readonly string[];

  constructor(
    code: PostgresStartErrorCode,
    message: string,
    details: { cause?: unknown; serverLines?: readonly string[] } = {},
  ) {
    const serverLines = details.serverLines ?? [];
    const quoted = serverLines.length === 0 ? '' : `\nPostgreSQL said:\n  ${serverLines.join('\n  ')}`;
    super(message + quoted, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.serverLines = serverLines;
  }
}
