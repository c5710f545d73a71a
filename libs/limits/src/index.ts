export type { StoreWatch } from './answer-in-time.js';
export { connectRedis } from './connect-redis.js';
export { createRateLimiter } from './create-rate-limiter.js';
export type { LimitQuery, LimitStatement, LimitStore } from './limit-store.js';
