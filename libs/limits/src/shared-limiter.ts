import { RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Limiter } from './counter.js';
import type { LimitStore } from './limit-store.js';

declare module 'rate-limiter-flexible' {
  /** The library has this method, which its own types leave out. */
  interface RateLimiterStoreAbstract {
    getInMemoryBlockMsBeforeExpire(storedKey: string): number;
  }
}

type SharedStore = Exclude<LimitStore, { kind: 'memory' }>;

/** A limiter whose counts all processes share, and how long it knows a key to be used up without asking. */
export type SharedLimiter = Limiter & { readonly exhaustedForMs: (key: string) => number };

/**
 * Counts in the shared store. A key that is used up is remembered here until its window ends, so that whoever goes on
 * calling costs the store nothing.
 */
export function sharedLimiter(
  store: SharedStore,
  options: { readonly points: number; readonly windowSeconds: number; readonly isCleaner: boolean },
): SharedLimiter {
  const { points, windowSeconds, isCleaner } = options;
  const shared = { points, duration: windowSeconds, inMemoryBlockOnConsumed: points };
  const limiter =
    store.kind === 'redis'
      ? new RateLimiterRedis({
          ...shared,
          storeClient: store.client,
          keyPrefix: store.prefix,
          rejectIfRedisNotReady: true,
        })
      : new RateLimiterPostgres({
          ...shared,
          storeClient: clientOf(store.query),
          storeType: 'pool',
          keyPrefix: '',
          tableName: store.table,
          // A migration made it: whoever serves may not make tables.
          tableCreated: true,
          clearExpiredByTimeout: isCleaner,
        });
  return {
    points,
    consume: (key) => limiter.consume(key),
    get: (key) => limiter.get(key),
    exhaustedForMs: (key) => limiter.getInMemoryBlockMsBeforeExpire(limiter.getKey(key)),
  };
}

/** Pools of ours read `int8` as bigint, with which the library cannot reckon. */
function clientOf(query: Extract<SharedStore, { kind: 'postgres' }>['query']) {
  return {
    query: async (statement: Parameters<typeof query>[0]) => {
      const { rows, rowCount } = await query(statement);
      return { rows: rows.map(withNumbers), rowCount };
    },
  };
}

function withNumbers(row: object): object {
  const entries = Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]);
  return Object.fromEntries(entries);
}
