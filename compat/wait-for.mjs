import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 100;

/** Asks `check` until it gives something truthy, and gives that; after `withinMs` it throws. */
export async function waitFor(what, withinMs, check) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(pollMs);
  }
}
