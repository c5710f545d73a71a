export {
  type BooksProof,
  type BooksProofQuery,
  type BooksProofRow,
  booksProofQuerySchema,
  booksProofRowSchema,
  booksProofSchema,
} from './books-proof.js';
export {
  type Discrepancy,
  type DiscrepancyList,
  type DiscrepancyListQuery,
  discrepancyKindSchema,
  discrepancyListQuerySchema,
  discrepancyListSchema,
  discrepancySchema,
} from './discrepancy.js';
export {
  type Health,
  type HealthState,
  healthSchema,
  healthStateSchema,
  type NetworkHealth,
  networkHealthSchema,
  processHealthSchema,
  queueHealthSchema,
  rpcHealthSchema,
  type ScheduleHealth,
  scheduleHealthSchema,
  walletProofSchema,
} from './health.js';
export { listAnswerSchema, listLimitDefault, listLimitMax, listParameters } from './list.js';
export {
  type Attempt,
  attemptSchema,
  attemptStatusSchema,
  type Delivery,
  deliverySchema,
  deliveryStatusSchema,
  type LedgerEntry,
  ledgerEntrySchema,
  type PaymentDetail,
  paymentDetailSchema,
  type TimelineItem,
  timelineItemSchema,
} from './payment-detail.js';
export {
  type PaymentIntent,
  type PaymentIntentList,
  type PaymentIntentListQuery,
  type PaymentIntentStatus,
  paymentIntentListQuerySchema,
  paymentIntentListSchema,
  paymentIntentSchema,
  paymentIntentStatusSchema,
} from './payment-intent.js';
export {
  everyScope,
  type Permission,
  permissionSchema,
  permissions,
  permissionsOf,
  scopeSchema,
} from './permissions.js';
export { type Problem, problemOf, problemSchema } from './problem.js';
export { type ProblemCode, problems } from './problem-codes.js';
export {
  atomicTextSchema,
  blockNumberSchema,
  daySchema,
  decimalTextSchema,
  idSchema,
  instantSchema,
  invoiceIdSchema,
  modeSchema,
  networkSchema,
  signedAtomicTextSchema,
} from './scalar.js';
export { type Transfer, transferSchema, transferStageSchema } from './transfer.js';
