import pg from 'pg';
import type { DatabaseRole } from './roles.js';

export type PoolOptions = {
  /** The role every connection takes before its first statement. */
  readonly role: DatabaseRole;
  readonly max: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** The server ends a statement that runs longer; no limit when left out. */
  readonly statementTimeoutMs?: number;
  /** Commits return before they are on disk. Only where a loss means a repeat or a free call, never money. */
  readonly isSoftCommit?: boolean;
  /** Told of connections that broke while nobody waited for an answer; the pool replaces them by itself. */
  readonly onError?: (error: Error) => void;
};

/** A request of a buyer is answered within a second also when the database is away. */
const connectTimeoutMs = 800;
/** A server that is not frozen tells within this that it has ended a statement. */
const answerGraceMs = 100;
/** A server that is frozen, not dead, closes no connection: whoever waits for it stops waiting by itself. */
const answerTimeoutMs = 30_000;
/** A process that was paused inside a transaction must not keep its locks for ever. */
const idleInTransactionMs = 30_000;

/**
 * A pool whose connections act as `role`. Options that the URL carries (`?options=`) stay in force, and the role wins
 * over one named there.
 *
 * Values read by `pool.query`: `int8` is `bigint`, `numeric` is text (amounts become `bigint` by drizzle's columns or
 * by `BigInt` on purpose), `date` is text such as `2026-11-20`, `timestamptz` is `Date`, `bytea` is `Buffer`. Drizzle's
 * own queries read by their columns instead, and its raw `execute` gives `int8` and `timestamptz` as text.
 */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const { role, max, applicationName, statementTimeoutMs, isSoftCommit = false, onError = () => undefined } = options;
  const settings = [
    `role=${role}`,
    `idle_in_transaction_session_timeout=${idleInTransactionMs}`,
    ...(isSoftCommit ? ['synchronous_commit=off'] : []),
  ];
  const pool = new pg.Pool({
    connectionString: withSettings(url, settings),
    max,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs === undefined ? answerTimeoutMs : statementTimeoutMs + answerGraceMs,
    keepAlive: true,
    types: { getTypeParser: typeParser },
    ...(statementTimeoutMs === undefined ? {} : { statement_timeout: statementTimeoutMs }),
  });
  pool.on('error', onError);
  // A connection that breaks while it is lent out, between two statements, would else end the process.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** The URL with settings that the server applies at start-up, after those it already names. */
function withSettings(url: string, settings: readonly string[]): string {
  const parsed = new URL(url);
  const present = parsed.searchParams.get('options');
  const added = settings.map((setting) => `-c ${setting}`).join(' ');
  parsed.searchParams.set('options', present ? `${present} ${added}` : added);
  return parsed.href;
}

const typeParser: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(id, format);
  if (id === pg.types.builtins.INT8) return BigInt;
  if (id === pg.types.builtins.DATE) return (text: string) => text;
  return pg.types.getTypeParser(id, 'text');
};
