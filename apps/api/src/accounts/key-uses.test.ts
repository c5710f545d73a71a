import { expect, it } from 'vitest';
import { KeyUses } from './key-uses.js';

it('notes a key once a minute, and a failure harms nobody', async () => {
  const touched: string[] = [];
  const failures: unknown[] = [];
  const store = {
    touch: ({ apiKeyId }: { apiKeyId: string }) => {
      touched.push(apiKeyId);
      return apiKeyId === 'b' ? Promise.reject(new Error('away')) : Promise.resolve();
    },
  };
  const uses = new KeyUses(store, (error) => failures.push(error));
  for (const apiKeyId of ['a', 'a', 'b', 'a']) uses.note({ bookId: 1, apiKeyId, address: null });
  await Promise.resolve();
  expect(touched).toEqual(['a', 'b']);
  await expect.poll(() => failures.length).toBe(1);
});
