export { createPool, type PoolOptions } from './connect.js';
export { ensurePartitions, type PartitionChanges } from './ensure-partitions.js';
export {
  type ConfigListener,
  type ConfigNotice,
  type FeedNotice,
  type ListenOptions,
  listenForConfig,
} from './listen-for-config.js';
export { describeDatabase, type MigrateOptions, migrate } from './migrate.js';
export { type DatabaseRole, databaseRoles, RolesNotGranted } from './roles.js';
export * as schema from './schema.js';
export { SetupRefused } from './setup-refused.js';
export { createAllowedPayerStore } from './stores/allowed-payer-store.js';
export { createAuditQueries } from './stores/audit-queries.js';
export { type BooksDeps, createBooksStore } from './stores/books-store.js';
export { loadCatalog } from './stores/catalog.js';
export { type ChainStoreDeps, createChainStore } from './stores/chain-store.js';
export { type ConfigurationDeps, createConfigurationStore } from './stores/configuration-store.js';
export { createDeliveryQueries } from './stores/delivery-queries.js';
export { createDeliveryStore } from './stores/delivery-store.js';
export { createFacilitatorStore } from './stores/facilitator-store.js';
export { createFeedStore } from './stores/feed-store.js';
export { createGateConfigStore, type GateConfigDeps } from './stores/gate-config-store.js';
export { createHandStore } from './stores/hand-store.js';
export { createHealthStore, type HealthStoreDeps } from './stores/health-store.js';
export { createIdempotencyStore } from './stores/idempotency-store.js';
export { createKeyUseStore, type KeyUse } from './stores/key-use-store.js';
export { createMemberStore } from './stores/member-store.js';
export { createOfferCountStore } from './stores/offer-count-store.js';
export { createPaymentQueries, type PaymentQueryDeps } from './stores/payment-queries.js';
export { createPaymentStore, type PaymentStoreDeps } from './stores/payment-store.js';
export { createRateLimitStore, type RateLimitStoreDeps } from './stores/rate-limit-store.js';
export { createRefundStore } from './stores/refund-store.js';
export { createReportQueries, type ReportQueryDeps } from './stores/report-queries.js';
export { createRpcUsageStore, type RpcUsageStoreDeps } from './stores/rpc-usage-store.js';
export { createScheduleRunStore } from './stores/schedule-runs.js';
export { createSetupStore, type SetupDeps } from './stores/setup-store.js';
export { createShownTransferStore, type ShownTransferStoreDeps } from './stores/shown-transfer-store.js';
export { createSignInTriesStore } from './stores/sign-in-tries-store.js';
export { createStoredIntentStore, type StoredIntentDeps } from './stores/stored-intent-store.js';
export { createSweepStore, type SweepStoreDeps } from './stores/sweep-store.js';
export { createToleranceStore } from './stores/tolerance-store.js';
export { createWebhookRecoveryStore } from './stores/webhook-recovery-store.js';
export { createWebhookStore } from './stores/webhook-store.js';
export { createWorkerReportStore } from './stores/worker-reports.js';
