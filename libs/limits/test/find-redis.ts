import { Redis } from 'ioredis';

/**
 * A Redis that tests may use: TOLLBOOK_TEST_REDIS_URL, or one on its usual port of this machine. Null when none answers;
 * with TOLLBOOK_REQUIRE_REDIS=1 that is an error.
 */
export async function findRedis(): Promise<string | null> {
  const url = process.env.TOLLBOOK_TEST_REDIS_URL || 'redis://127.0.0.1:6379';
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 500, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return url;
  } catch (error) {
    if (process.env.TOLLBOOK_REQUIRE_REDIS === '1') throw new Error('no Redis answers', { cause: error });
    return null;
  } finally {
    client.disconnect();
  }
}
