import { createPool } from '@tollbook/db';
import { connectRedis, createRateLimiter, type LimitStore } from '@tollbook/limits';
import type { Logger, Metrics } from '@tollbook/telemetry';
import type { RateLimiter } from '@tollbook/usecases';

/** Counting is one small statement; whoever waits longer for it is let pass. */
const poolMax = 3;
const statementTimeoutMs = 500;

export type Limiters = {
  /** Calls of payers, counted for all processes together: in Redis where there is one, else in PostgreSQL. */
  readonly payer: RateLimiter;
  /** Offers by address, counted in this process. */
  readonly unpaid: RateLimiter;
  readonly close: () => Promise<void>;
};

/** Opens what limits are counted in. None of it need be there: a limit that cannot be looked up holds nobody back. */
export function openLimiters(options: {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Limiters {
  const { databaseUrl, redisUrl, logger, metrics } = options;
  const uncounted = metrics.counter({
    name: 'tollbook_rate_limit_uncounted_total',
    help: 'Calls that passed uncounted because the store of the rate limits did not answer.',
  });
  const watch = {
    onAway: (error: unknown) => logger.warn({ err: error }, 'rate limits went uncounted: their store did not answer'),
    onBack: () => logger.info({}, 'rate limits were counted again'),
    onUncounted: () => uncounted.inc(),
  };
  const { store, close } = redisUrl === undefined ? inPostgres(databaseUrl) : inRedis(redisUrl);
  return {
    payer: createRateLimiter(store, watch),
    unpaid: createRateLimiter({ kind: 'memory' }, watch),
    close,
  };
}

type Opened = { readonly store: LimitStore; readonly close: () => Promise<void> };

function inPostgres(databaseUrl: string): Opened {
  const pool = createPool(databaseUrl, {
    role: 'tollbook_app',
    max: poolMax,
    applicationName: 'tollbook limits',
    statementTimeoutMs,
    isSoftCommit: true,
  });
  const query: Extract<LimitStore, { kind: 'postgres' }>['query'] = (statement) => pool.query(statement);
  return { store: { kind: 'postgres', query, table: 'rate_limit_counters' }, close: () => pool.end() };
}

function inRedis(redisUrl: string): Opened {
  // Its errors are told by the calls that they fail.
  const client = connectRedis(redisUrl, () => undefined);
  return {
    store: { kind: 'redis', client, prefix: 'tollbook:limits' },
    close: async () => client.disconnect(),
  };
}
