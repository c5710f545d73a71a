import { describe, expect, it } from 'vitest';
import { checkQueue } from './check-queue.js';

const databaseUrl = 'postgres://127.0.0.1:1/tollbook';
const redisUrl = 'redis://127.0.0.1:1';

describe('checkQueue', () => {
  it('asks for REDIS_URL where the running Tollbook queues on Redis', async () => {
    const [finding] = await checkQueue({ databaseUrl, redisUrl: undefined, runningBackend: 'redis' });
    expect(finding).toMatchObject({
      level: 'fail',
      text: 'the running Tollbook queues on Redis',
      advice: 'Set REDIS_URL as it does.',
    });
  });

  it('says so where REDIS_URL is set for this command alone', async () => {
    const [finding] = await checkQueue({ databaseUrl, redisUrl, runningBackend: 'postgres' });
    expect(finding).toMatchObject({ level: 'fail', text: 'the running Tollbook queues in PostgreSQL' });
    expect(finding?.advice).toContain('REDIS_URL');
  });
});
