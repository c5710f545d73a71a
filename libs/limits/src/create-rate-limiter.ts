import { burstWindowSeconds, type RateCounts, type RatePolicy, rateVerdict } from '@tollbook/domain';
import type { LimitedVerdict, RateLimiter } from '@tollbook/usecases';
import { answerInTime, type StoreWatch } from './answer-in-time.js';
import { countCall, type Limiter, readCount } from './counter.js';
import type { LimitStore } from './limit-store.js';
import { memoryLimiter } from './memory-limiter.js';
import { sharedLimiter } from './shared-limiter.js';

/** Counters of one policy; it is the merchants who make policies, so there are few. */
type Windows = {
  readonly main: Limiter;
  readonly burst: Limiter | null;
  readonly known: (key: string) => RateCounts | null;
};

const policiesMax = 1_000;

/** Counts in a store. The rule that judges the counts is the domain's; windows and stores are the library's. */
export function createRateLimiter(store: LimitStore, watch: StoreWatch): RateLimiter {
  const policies = new Map<string, Windows>();
  /** The same by the object of a policy, which lives as long as the configuration that it is part of. */
  const windowsByPolicy = new WeakMap<RatePolicy, Windows>();
  const inTime = answerInTime(watch);
  const windowsOf = (policy: RatePolicy): Windows => {
    const seen = windowsByPolicy.get(policy);
    if (seen) return seen;
    const windows = windowsNamed(policy);
    windowsByPolicy.set(policy, windows);
    return windows;
  };
  const windowsNamed = (policy: RatePolicy): Windows => {
    const name = `${policy.points}/${policy.windowSeconds}/${policy.burst}`;
    const known = policies.get(name);
    if (known) return known;
    const [oldest] = policies.keys();
    if (policies.size >= policiesMax && oldest !== undefined) policies.delete(oldest);
    const made = windowsIn(store, policy, policies.size === 0);
    policies.set(name, made);
    return made;
  };
  const count = async ({ main, burst }: Windows, policy: RatePolicy, key: string): Promise<RateCounts> => {
    if (!burst) return { window: await countCall(main, key), burst: null };
    // Also where it is not needed: what a caller used of it before is gone for ten windows, and is not to be promised.
    const [window, used] = await Promise.all([countCall(main, key), readCount(burst, burstKey(key))]);
    return { window, burst: window.used > policy.points ? await countCall(burst, burstKey(key)) : used };
  };
  // What is counted in this process answers by itself; a timer for each call would cost more than the count.
  const ask = store.kind === 'memory' ? <T>(work: () => Promise<T>): Promise<T | null> => work() : inTime;
  return {
    async consume(key, policy) {
      const windows = windowsOf(policy);
      const counts = windows.known(key) ?? (await ask(() => count(windows, policy, key)));
      return counts && rateVerdict(policy, counts);
    },
    read(key, policy) {
      const { main, burst } = windowsOf(policy);
      const full = { used: 0, resetsInMs: policy.windowSeconds * 1000 };
      return ask(async () => ({
        window: (await readCount(main, key)) ?? full,
        burst: burst ? await readCount(burst, burstKey(key)) : null,
      }));
    },
    knownExhausted(key, policy) {
      const counts = windowsOf(policy).known(key);
      return counts && limitedOnly(rateVerdict(policy, counts));
    },
  };
}

function limitedOnly(verdict: ReturnType<typeof rateVerdict>): LimitedVerdict | null {
  return verdict.kind === 'limited' ? verdict : null;
}

function burstKey(key: string): string {
  return `${key}/burst`;
}

function windowsIn(store: LimitStore, policy: RatePolicy, isCleaner: boolean): Windows {
  const { points, windowSeconds, burst } = policy;
  const burstOptions = { points: burst, windowSeconds: burstWindowSeconds(policy) };
  if (store.kind === 'memory') {
    const { keysMax } = store;
    return {
      main: memoryLimiter({ points, windowSeconds, keysMax }),
      burst: burst > 0 ? memoryLimiter({ ...burstOptions, keysMax }) : null,
      known: () => null,
    };
  }
  const main = sharedLimiter(store, { points, windowSeconds, isCleaner });
  const extra = burst > 0 ? sharedLimiter(store, { ...burstOptions, isCleaner: false }) : null;
  const known = (key: string): RateCounts | null => {
    const resetsInMs = main.exhaustedForMs(key);
    if (resetsInMs <= 0) return null;
    const window = { used: points + 1, resetsInMs };
    if (!extra) return { window, burst: null };
    const burstMs = extra.exhaustedForMs(burstKey(key));
    return burstMs > 0 ? { window, burst: { used: burst + 1, resetsInMs: burstMs } } : null;
  };
  return { main, burst: extra, known };
}
