export { type AddWalletDeps, addWallet, assignWallet, type WalletResult } from './add-wallet.js';
export { addWebhookEndpoint, type EndpointWithSecret, type WebhookDeps } from './add-webhook-endpoint.js';
export {
  cancelRefund,
  type NewRefund,
  nameRefundTx,
  type RefundDeps,
  type RefundResult,
  recordRefund,
} from './announce-refund.js';
export { type BackfillOutcome, backfillChain } from './backfill-chain.js';
export { toBooksProofView } from './books-proof-view.js';
export { canSettle } from './can-settle.js';
export { assetOf, type Catalog, networkOf } from './catalog.js';
export { ChainStateMissing, ChainUnavailable } from './chain-unavailable.js';
export { archiveEndpoint, changeEndpoint, type EndpointWish } from './change-endpoint.js';
export { type ApiKeyResult, createKey, revokeKey } from './change-keys.js';
export { amountsOf, changePrice, currentPrice, type NewPrice, type PriceResult } from './change-price.js';
export { type CheckCounts, type CheckDeps, type CheckOutcome, checkChain, type SecondReader } from './check-chain.js';
export { compareRefused, type RefusedComparison } from './compare-refused.js';
export { type CompiledTerms, compileTerms, draftTerms } from './compile-terms.js';
export type { ConfigurationRefusal, ConfigurationRefusalReason } from './configuration-refusal.js';
export { createEndpoint, type EndpointResult, type NewEndpoint } from './create-endpoint.js';
export {
  type CancelResult,
  cancelStoredIntent,
  createIntent,
  type IntentDeps,
  type IntentResult,
  type NewIntent,
} from './create-intent.js';
export {
  changeDiscrepancyByHand,
  closeDiscrepanciesByHand,
  closeDiscrepancyByHand,
  type HandRefused,
  orderLinkByHand,
} from './decide-by-hand.js';
export { type DeliverDeps, deliverWebhook, undeliverable, webhookSecretAad } from './deliver-webhook.js';
export { toDiscrepancyView } from './discrepancy-view.js';
export { defaultOwnerEmail, ensureOwner, type FirstOwner } from './ensure-owner.js';
export { type ExpireCounts, expireIntents } from './expire-intents.js';
export { type ExplainDeps, type Explanation, explain } from './explain.js';
export { explainProof, type ProofExplanation } from './explain-proof.js';
export { ExposureGauge } from './exposure-gauge.js';
export { payerRefusal } from './hold-back.js';
export { InFlight } from './in-flight.js';
export { type InvoiceDeps, type InvoiceTerms, invoiceTerms } from './invoice-terms.js';
export { type IssuedOffer, issueOffer, offerOf } from './issue-offer.js';
export { type FacilitatorState, judgeFacilitators } from './judge-facilitators.js';
export type { ScheduleHealth } from './judge-schedules.js';
export { keepProofs } from './keep-proofs.js';
export { lateMoney } from './late-money.js';
export { type InvoiceToOpen, type OpenResult, openInvoice } from './open-invoice.js';
export { type FormatAddress, invoiceNumber, toPaymentIntentView, type ViewContext } from './payment-intent-view.js';
export type { Accounts, Client, CookieChange, Person } from './ports/accounts.js';
export type { AllowedPayerRecord, AllowedPayerStore } from './ports/allowed-payer-store.js';
export { type Actor, type AuditContext, type AuditDraft, commandContext, systemContext } from './ports/audit.js';
export type { AuditFilter, AuditLogRecord, AuditQueries } from './ports/audit-queries.js';
export type {
  AuthorizationVerifier,
  SignatureCheck,
  SignedAuthorization,
  VerifierVerdict,
} from './ports/authorization-verifier.js';
export type {
  BooksProofRecord,
  BooksStore,
  EntryCause,
  LastDifference,
  LedgerEntryRecord,
  WalletAssetKey,
  WalletMovement,
} from './ports/books-store.js';
export type {
  AuthorizationFate,
  ChainHead,
  ChainReader,
  NonceState,
  TransferQuery,
  TxReceipt,
} from './ports/chain-reader.js';
export type {
  BlockPoint,
  ChainCheckRecord,
  ChainStore,
  ChainTx,
  CoverageGap,
  CursorRecord,
  Lease,
  WatchedWallet,
} from './ports/chain-store.js';
export type { Clock } from './ports/clock.js';
export type {
  ApiKeyDraft,
  ApiKeyListing,
  Changed,
  ConfigurationCaller,
  ConfigurationStore,
  ConfigurationTx,
  EndpointChange,
  EndpointDraft,
  EndpointRecord,
  EndpointTaking,
  PriceAmount,
  PriceVersionRecord,
  Receiver,
  TermsToCompile,
  WalletRecord,
} from './ports/configuration-store.js';
export type { Crypto } from './ports/crypto.js';
export type {
  DeliveryAttemptRecord,
  DeliveryDetail,
  DeliveryFilter,
  DeliveryQueries,
  DeliveryRecord,
  EventRecord,
  ResendRefusal,
  ResendResult,
} from './ports/delivery-queries.js';
export type { DeliveryResult, DeliveryStore, LeasedDelivery, LeaseOptions } from './ports/delivery-store.js';
export type {
  Facilitator,
  Facilitators,
  RemoteFacilitator,
  RemoteVerdict,
  SettleOrder,
  SettleOutcome,
} from './ports/facilitator.js';
export type {
  FacilitatorChange,
  FacilitatorChanges,
  FacilitatorDraft,
  FacilitatorRecord,
  FacilitatorStore,
  Scorecard,
} from './ports/facilitator-store.js';
export { type Failpoint, type FailpointName, failpoints } from './ports/failpoint.js';
export type { FeedStore } from './ports/feed-store.js';
export type {
  GateBook,
  GateConfigStore,
  GateEndpoint,
  GateFacilitator,
  SealedSealKey,
} from './ports/gate-config-store.js';
export type { HandStore, Judge, LinkFacts, LinkOrder } from './ports/hand-store.js';
export type {
  GasSight,
  HealthRecord,
  HealthStore,
  LatestProof,
  NetworkHeights,
  NodeSight,
  QueueSight,
  ScheduleSight,
  StoredWorkerReport,
  WorkerReport,
  WorkerReportStore,
} from './ports/health-store.js';
export type { IdempotencyName, IdempotencyState, IdempotencyStore } from './ports/idempotency-store.js';
export { type MemberRole, type MemberStore, type Membership, memberRoles } from './ports/member-store.js';
export type { NetworkStanding, StandingOf } from './ports/network-standing.js';
export {
  type OfferCount,
  type OfferCountKind,
  type OfferCountStore,
  offerCountKinds,
  type RefusalEvidence,
  type RefusalSample,
} from './ports/offer-count-store.js';
export type {
  DiscrepancyFilter,
  DiscrepancyRecord,
  ListedTransfer,
  PaymentDetail,
  PaymentFilter,
  PaymentQueries,
  RefusalFilter,
  RefusalRecord,
  TimelineEvent,
  TransferFilter,
} from './ports/payment-queries.js';
export type { ClaimInput, ClaimResult, PaymentStore } from './ports/payment-store.js';
export type {
  GasNonce,
  GasSignerName,
  PaymentTx,
  StoredAnswer,
} from './ports/payment-tx.js';
export type { ProofVerifier, SignedText } from './ports/proof-verifier.js';
export type {
  LimitedEndpoint,
  RateCountsOfDay,
  RateHour,
  RateLastHour,
  RateLimitStore,
  RateOverrideRecord,
  RateSubject,
} from './ports/rate-limit-store.js';
export type { LimitedVerdict, RateLimiter } from './ports/rate-limiter.js';
export type {
  AllocationRecord,
  AttemptFacts,
  AttemptKey,
  AttemptRecord,
  AttemptState,
  BookRecord,
  DiscrepancyDraft,
  EventDraft,
  HandLinkRecord,
  IntentKey,
  IntentRecord,
  IntentState,
  IntentTerms,
  NamedByAmount,
  RefundRecord,
  TransferRecord,
} from './ports/records.js';
export type { RefundFilter, RefundStore, RefundTx } from './ports/refund-store.js';
export type {
  ClientCountRow,
  DayRow,
  FailedRow,
  FailureFacts,
  HourRow,
  OfferCountRow,
  OverviewFacts,
  PaymentLine,
  ReportQueries,
  RevenueGrouping,
  RevenueRow,
} from './ports/report-queries.js';
export type { RpcUsage, RpcUsageStore } from './ports/rpc-usage-store.js';
export type { ScheduleOutcome, ScheduleRun, ScheduleRunStore } from './ports/schedule-runs.js';
export type { Sealer } from './ports/sealer.js';
export type {
  PreparedSettlement,
  RepriceOutcome,
  SendOutcome,
  SettlementGateway,
  SignedChainTx,
} from './ports/settlement-gateway.js';
export type { ApiKeyRecord, DataKeyRecord, SetupStore, TermsDraft } from './ports/setup-store.js';
export type {
  SeenTransfer,
  ShownAttempt,
  ShownStanding,
  ShownTransferStore,
  ShownTransferTx,
} from './ports/shown-transfers.js';
export type { SignInTriesStore } from './ports/sign-in-tries-store.js';
export type {
  PromisePlace,
  StoredIntentDraft,
  StoredIntentRecord,
  StoredIntentStore,
  StoredIntentTx,
} from './ports/stored-intents.js';
export type { SweepStore } from './ports/sweep-store.js';
export type { ToleranceRecord, ToleranceStore } from './ports/tolerance-store.js';
export type { AnswerStream, CallUpstream, RequestFault, UpstreamAnswer, UpstreamOutcome } from './ports/upstream.js';
export type {
  RecoveryRefusal,
  WebhookRecoveryRecord,
  WebhookRecoveryStore,
} from './ports/webhook-recovery-store.js';
export type { SentWebhook, WebhookMessage, WebhookSender } from './ports/webhook-sender.js';
export type {
  TestRefusal,
  WebhookChange,
  WebhookEndpointChanges,
  WebhookEndpointRecord,
  WebhookSecretDraft,
  WebhookStore,
} from './ports/webhook-store.js';
export { type PriceAmounts, priceAmounts, type WrittenPrice } from './price-amounts.js';
export { type ExplainedProof, type ProofResult, type ProofScope, type ProveDeps, proveBooks } from './prove-books.js';
export type {
  PaymentChain,
  Purchase,
  PurchaseDeps,
  PurchaseOutcome,
  Receipt,
  RefusalCode,
  TextToSign,
} from './purchase.js';
export { type RateCountDraft, RateTally, type SideTally } from './rate-tally.js';
export {
  type HealthState,
  type HealthView,
  ledgerSchedule,
  type NetworkHealth,
  proofSchedule,
  readHealth,
  sumsSchedule,
  worstOf,
} from './read-health.js';
export { type OfferReading, type ReadOfferDeps, readOffer } from './read-offer.js';
export { readOverview } from './read-overview.js';
export {
  type LimitedSubjectView,
  type RateLimitDeps,
  type RateLimitView,
  type RateSideView,
  readRateLimits,
} from './read-rate-limits.js';
export { type ReconcileOutcome, reconcileNetwork } from './reconcile-network.js';
export { toRefundView } from './refund-view.js';
export { isLeft, type ReindexFinding, type ReindexResult, reindexRange } from './reindex-range.js';
export { type ClientLine, reportClients } from './report-clients.js';
export { reportFailures } from './report-failures.js';
export { type ReportDeps, reportRevenue } from './report-revenue.js';
export { type ResolveCounts, resolveUnknown } from './resolve-unknown.js';
export { type ResumeResult, resumeNetwork } from './resume-network.js';
export { rotateWebhookSecret } from './rotate-webhook-secret.js';
export { RpcUsageTally } from './rpc-usage-tally.js';
export { type ScanOutcome, scanChain } from './scan-chain.js';
export type { SellingDeps, SoldOffer } from './selling-deps.js';
export { sendTestWebhook } from './send-test-webhook.js';
export { readTolerances, setTolerance } from './set-tolerance.js';
export { type DemoInput, demoSlug, setUpDemo } from './set-up-demo.js';
export { inboxPath, setUpInbox } from './set-up-inbox.js';
export { SettleSlots, type SlotLimits } from './settle-slots.js';
export { showTransfer } from './show-transfer.js';
export type { ShownDeps } from './shown-deps.js';
export type { ShownPurchase } from './shown-purchase.js';
export { type SignInDeps, type SignInOutcome, signIn } from './sign-in.js';
export { LeaseLost, StoreUnavailable } from './store-unavailable.js';
export { type SweepCounts, sweepAttempts } from './sweep-attempts.js';
export { takePayment } from './take-payment.js';
export { createTellCase, type TellCase } from './tell-case.js';
export { endpointForAudit, priceForAudit } from './tell-configuration.js';
export { createTellDisabled, type TellDisabled } from './tell-disabled.js';
export { streamSeconds } from './time-limits.js';
export { TransferWaits } from './transfer-waits.js';
export { type LedgerFinding, type LedgerVerdict, verifyLedger } from './verify-ledger.js';
export { vetEndpoint } from './vet-endpoint.js';
export { toWebhookEndpointView } from './webhook-endpoint-view.js';
export { chainLeaseMs, chainLeaseName, type WorkerDeps } from './worker-deps.js';
