import { expect, it } from 'vitest';
import { RateTally } from './rate-tally.js';

const standing = { used: 3, left: 0, resetsInSeconds: 40, burstLeft: 0, burstResetsInSeconds: 600 };

it('sums everybody, and tells callers apart', () => {
  const tally = new RateTally();
  const side = tally.of(7, 'endpoint', 'paid');
  side.allow('a', standing, 1_000);
  side.throttle('b', standing, 2_000);
  side.throttle('b', null, 3_000);
  const place = { bookId: 7, endpointId: 'endpoint', side: 'paid' };
  expect(tally.drain()).toEqual([
    { ...place, subject: '', allowed: 1, throttled: 2, used: 0, resetsAtMs: null, lastSeenAtMs: 3_000 },
    { ...place, subject: 'b', allowed: 0, throttled: 2, used: 3, resetsAtMs: 42_000, lastSeenAtMs: 3_000 },
    { ...place, subject: 'a', allowed: 1, throttled: 0, used: 3, resetsAtMs: 41_000, lastSeenAtMs: 1_000 },
  ]);
});

it('tells what is new since the last time, and nothing where nothing is', () => {
  const tally = new RateTally();
  tally.of(7, 'endpoint', 'unpaid').allow('a', null, 1_000);
  expect(tally.drain()).toHaveLength(2);
  expect(tally.drain()).toEqual([]);
  tally.of(7, 'endpoint', 'unpaid').throttle('a', null, 2_000);
  expect(tally.drain()[0]).toMatchObject({ allowed: 0, throttled: 1 });
});

it('stays small under a flood of callers, and loses none of the sum', () => {
  const tally = new RateTally();
  const side = tally.of(7, 'endpoint', 'unpaid');
  for (let at = 0; at < 50_000; at += 1) side.throttle(`caller ${at}`, standing, at);
  const drafts = tally.drain();
  expect(drafts).toHaveLength(21);
  expect(drafts[0]).toMatchObject({ subject: '', throttled: 50_000 });
});
