import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limiter } from './counter.js';

const keysMaxDefault = 100_000;
/** Counting what is kept costs a walk over all of it, so it is done now and then, and only where it may be too much. */
const recountMs = 10_000;
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
  let keysAtMost = 0;
  let recountedAt = Number.NEGATIVE_INFINITY;
  const isCrowded = () => {
    if (keysAtMost < keysMax) return false;
    const now = performance.now();
    if (now - recountedAt < recountMs) return true;
    recountedAt = now;
    keysAtMost = limiter.dump().storage.length;
    return keysAtMost >= keysMax;
  };
  const placeOf = (key: string) => (isCrowded() ? `crowd/${hashOf(key) % crowdKeys}` : key);
  return {
    points,
    async consume(key) {
      const counted = await limiter.consume(placeOf(key));
      if (counted.isFirstInDuration) keysAtMost += 1;
      return counted;
    },
    get: (key) => limiter.get(placeOf(key)),
  };
}

/** FNV-1a: spreads keys evenly; nothing is kept secret by it. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
