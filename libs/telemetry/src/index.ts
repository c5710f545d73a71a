export type { Logger, LogLevel } from './create-logger.js';
export { createLogger } from './create-logger.js';
export type { Counter, Gauge, Histogram, Metrics } from './create-metrics.js';
export { createMetrics } from './create-metrics.js';
export { scrubText } from './scrub-text.js';
