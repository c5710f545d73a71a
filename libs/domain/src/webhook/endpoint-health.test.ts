import { expect, it } from 'vitest';
import { endpointFailingMsMax } from './endpoint-health.js';
import { retryDelaysMs, retryJitter } from './retry-schedule.js';

it('gives no endpoint up while the tries of its first delivery go on, however long each waits', () => {
  const longest = retryDelaysMs.reduce((sum, ms) => sum + ms * (1 + retryJitter), 0);
  expect(endpointFailingMsMax).toBeGreaterThan(longest);
});
