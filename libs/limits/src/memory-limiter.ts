import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limiter } from './counter.js';

const keysMaxDefault = 100_000;
/** To count the keys is to walk over them, so the more there are the longer the next walk waits: ten seconds for 100,000. */
const recountMsPerKey = 0.1;
const crowdKeys = 4_096;

/**
 * Counts in this process. Beyond `keysMax` keys at once, callers are counted in a fixed number of crowds: whoever has
 * more addresses than that fills them, and no flood of addresses fills the memory.
 */
export function memoryLimiter(options: {
  readonly points: number;
  readonly windowSeconds: number;
  readonly keysMax?: number | undefined;
}): Limiter {
  const { points, windowSeconds, keysMax = keysMaxDefault } = options;
  const limiter = new RateLimiterMemory({ points, duration: windowSeconds, keyPrefix: '' });
  // Every call may be a new key; whether it was is only looked at when there may be too many.
  let keysAtMost = 0;
  let recountAt = 0;
  const isCrowded = () => {
    keysAtMost += 1;
    if (keysAtMost <= keysMax) return false;
    const now = performance.now();
    if (now < recountAt) return true;
    keysAtMost = limiter.dump().storage.length;
    recountAt = now + keysAtMost * recountMsPerKey;
    return keysAtMost >= keysMax;
  };
  const placeOf = (key: string) => (isCrowded() ? `crowd/${hashOf(key) % crowdKeys}` : key);
  return { points, consume: (key) => limiter.consume(placeOf(key)), get: (key) => limiter.get(key) };
}

/** FNV-1a: spreads keys evenly; nothing is kept secret by it. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
