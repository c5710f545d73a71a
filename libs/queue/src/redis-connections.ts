import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type Connections, hintTimeoutMs, type QueueBackend, streams } from './backend.js';

/**
 * Connections to Redis, which find their way back by themselves: one for all queues, made at the first use, one for all
 * workers, and one a worker that waits for jobs.
 */
export function connectRedis({ url, prefix = 'tollbook' }: Extract<QueueBackend, { kind: 'redis' }>): Connections {
  const clients: Redis[] = [];
  const connect = (options: { commandTimeout?: number; maxRetriesPerRequest: number | null }): Redis => {
    const client = new Redis(url, { ...options, retryStrategy: (times) => Math.min(100 * times, 2_000) });
    // The queues and workers on this connection tell of the same errors.
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  let producers: Redis | undefined;
  let workers: Redis | undefined;
  return {
    newQueue(name) {
      producers ??= connect({ commandTimeout: hintTimeoutMs, maxRetriesPerRequest: 1 });
      return new Queue(name, { connection: producers, prefix, streams });
    },
    newWorker(name, take, settings) {
      workers ??= connect({ maxRetriesPerRequest: null });
      return new Worker(name, take, { connection: workers, prefix, ...settings });
    },
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}
