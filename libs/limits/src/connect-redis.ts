import { Redis } from 'ioredis';

/** A connection that answers at once or fails at once: nothing waits in it for a Redis that is away. */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: 500,
    retryStrategy: (times) => Math.min(100 * times, 2_000),
  });
  client.on('error', onError);
  return client;
}
