export {
  type AllowedPayer,
  type AllowedPayers,
  isAllowedPayer,
  toAllowedPayers,
} from './access/allowed-payers.js';
export {
  burstWindowSeconds,
  freshCounts,
  type RateCount,
  type RateCounts,
  type RateLimits,
  type RatePolicy,
  type RateSide,
  type RateStanding,
  type RateVerdict,
  rateBounds,
  rateLimitHeader,
  rateLimitPolicyHeader,
  rateSides,
  rateStanding,
  rateVerdict,
  wrongRateField,
} from './access/rate-limit.js';
export {
  type EffectiveRate,
  effectiveRate,
  type RateAction,
  type RateOverride,
  type RateSubjectKind,
  rateActions,
  rateSubjectKinds,
} from './access/rate-override.js';
export {
  giveBackSignInTry,
  type SignInLimit,
  type SignInTries,
  signInForgetMs,
  signInLimits,
  takeSignInTry,
} from './access/sign-in-tries.js';
export { AssertionFailed, assert } from './assert.js';
export { type ActorKind, type AuditEntryForHash, actorKinds, auditHash } from './audit/audit-entry.js';
export { decodeBase32, encodeBase32 } from './base32.js';
export type { Brand } from './brand.js';
export { canonicalJson, type JsonValue } from './canonical-json.js';
export { type ChainCheckKind, chainCheckKinds } from './chain/chain-check.js';
export {
  type BlockHeader,
  type ChainPosition,
  commonAncestor,
  isLinked,
  planScan,
  type ScanPlan,
} from './chain/chain-cursor.js';
export {
  compareTransfers,
  type FollowedToken,
  type RecordedTransfer,
  type TransferComparison,
} from './chain/compare-transfers.js';
export { confirmedHeight, type FinalityStage, finalityOf, type Watermarks } from './chain/finality.js';
export { type IndexerProblem, type IndexerSight, indexerLag, indexerProblem } from './chain/indexer-problem.js';
export { type MonthCount, monthForecast } from './chain/month-forecast.js';
export { blocksPerHour, type Network, type NetworkFamily, networkFamilies } from './chain/network.js';
export { type GasFees, replacementFees } from './chain/replacement-fees.js';
export { authorizationReplayKey, transactionReplayKey } from './chain/replay-key.js';
export type { Transfer } from './chain/transfer.js';
export { asciiBytes, equalBytes, type HmacSha256, hexOf, type Sha256, utf8Bytes } from './hash.js';
export {
  type AllocationId,
  type AttemptId,
  decodeId,
  type EndpointId,
  type EventId,
  encodeId,
  type IdKind,
  type IntentId,
  idPrefixes,
  type TransferId,
  uuidOfBytes,
  uuidV7,
  type WalletId,
} from './id.js';
export { type Account, type AccountKind, accountCode, accountKind, accountKinds } from './ledger/account.js';
export {
  type EntryDraft,
  type EntryForHash,
  type EntryKind,
  entryForHash,
  entryHash,
  firstChainHash,
  type Posting,
} from './ledger/entry.js';
export {
  type BookedMovement,
  type ChainMovement,
  type DifferenceRow,
  explainDifference,
} from './ledger/explain-difference.js';
export {
  changedFacts,
  differencesFromCause,
  factsHash,
  type SealedAllocation,
  type SealedTransfer,
} from './ledger/facts.js';
export { localDay, localYear } from './ledger/local-day.js';
export { type PostableAllocation, postConfirmed, postFinal, postLoss, postReversal } from './ledger/post-payment.js';
export { type Mode, modes } from './mode.js';
export { type Amount, add, amount, amountAtomicMax } from './money/amount.js';
export { type Asset, isSameAsset } from './money/asset.js';
export { type DecimalRefusal, type DecimalResult, formatDecimal, parseDecimal } from './money/decimal.js';
export { never } from './never.js';
export {
  type CapsChange,
  changedCaps,
  type EndpointCaps,
  noEndpointCaps,
  requestBytesOf,
  streamedBytesMax,
  unkeepableCap,
} from './offer/endpoint-caps.js';
export { type PricedRequest, requestFingerprint, resourceTag } from './offer/fingerprint.js';
export {
  type InvoiceFields,
  type InvoiceReading,
  intentIdOfInvoice,
  invoiceIdBytes,
  invoiceIdText,
  invoiceSaltBytes,
  paymentIdOfInvoice,
  readInvoiceId,
  resourceTagBytes,
  type SealKey,
  sealInvoiceBytes,
} from './offer/invoice-id.js';
export { evmExtra, type Offer } from './offer/offer.js';
export {
  isTimeoutSellable,
  offerTtlSecondsDefault,
  signSeconds,
  upstreamTimeoutMsMax,
  upstreamTimeoutMsMin,
} from './offer/sign-window.js';
export {
  checkTermsInForce,
  clockToleranceSeconds,
  offerExpiresAt,
  offerGraceSeconds,
  type SettleMode,
  settleModes,
  snapshotLagSeconds,
  type TermsInForceRefusal,
  type TermsNetwork,
  type TermsVersion,
} from './offer/terms-version.js';
export {
  type AllocationBucket,
  allocationBuckets,
  isPaymentBucket,
  type MatchMethod,
  matchMethods,
  paidAtomic,
} from './payment/allocation.js';
export { type AttemptKind, type AttemptStatus, attemptKinds, attemptStatuses } from './payment/attempt.js';
export {
  type AcceptedTerms,
  type Authorization,
  type CheckResult,
  type CheckTermsInput,
  checkTerms,
  type PresentedPayment,
  windowToleranceSeconds,
} from './payment/check-terms.js';
export {
  type ComparedField,
  type ComparedLine,
  type ComparePaymentInput,
  comparedFields,
  comparePayment,
} from './payment/compare-payment.js';
export { type ComparedRecord, fromComparedRecord, toComparedRecord } from './payment/compared-record.js';
export { type ExposureCaps, isOverExposed } from './payment/exposure.js';
export {
  type FacilitatorAuth,
  type FacilitatorKind,
  facilitatorAuths,
  facilitatorKinds,
} from './payment/facilitator.js';
export { type FailureReason, failureReasons, refusalReasons } from './payment/failure-reason.js';
export { foreignText } from './payment/foreign-text.js';
export {
  dueAtomic,
  type IntentSource,
  type IntentStatus,
  intentMoves,
  intentSources,
  intentStatuses,
  isPaid,
} from './payment/intent.js';
export { failureToTell, type IntentFacts, type IntentStatusResult, intentStatus } from './payment/intent-status.js';
export { isChargeable } from './payment/is-chargeable.js';
export { mayRunAgain } from './payment/may-run-again.js';
export { offerState } from './payment/offer-state.js';
export { type PaymentProof, type ProofSubject, proofText } from './payment/proof-text.js';
export { type InvoiceRefusal, invoiceRefusals, type TermsRefusal, termsRefusals } from './payment/refusal-reason.js';
export { type AttemptEvent, attemptMoves, type TransitionResult, transition } from './payment/transition.js';
export { isCanonicalPath, type PathFault } from './pricing/canonical-path.js';
export {
  checkEndpointPattern,
  isSamePattern,
  type PatternRefusal,
  type PatternResult,
  sellableMethods,
} from './pricing/endpoint-pattern.js';
export { explainMatch } from './pricing/explain-match.js';
export { type EndpointMatch, type EndpointPattern, matchEndpoint } from './pricing/match-endpoint.js';
export { type PriceRefusal, type PriceResult, parsePrice, priceWholeUnitsMax } from './pricing/parse-price.js';
export { type PriceActivity, type PriceState, priceState, priceStates } from './pricing/price-state.js';
export { type PricedQueryResult, readPricedQuery } from './pricing/priced-query.js';
export { resolutionsByHand } from './reconciliation/close-by-hand.js';
export { type DiscrepancyKind, discrepancyKinds } from './reconciliation/discrepancy.js';
export { isInDoubt, isNotFetched } from './reconciliation/is-in-doubt.js';
export { isSamePayment } from './reconciliation/is-same-payment.js';
export {
  judgeShownTransfer,
  lastTransferUnixSeconds,
  type ShownClaim,
  type ShownTerms,
  type ShownTransfer,
  type ShownVerdict,
} from './reconciliation/judge-shown-transfer.js';
export { matchByAmount } from './reconciliation/match-by-amount.js';
export {
  type HandMatch,
  type HandMatchInput,
  type HandRefusal,
  matchByHand,
} from './reconciliation/match-by-hand.js';
export {
  matchOutgoing,
  matchRefund,
  type RefundCandidate,
} from './reconciliation/match-outgoing.js';
export {
  type Match,
  type MatchableTransfer,
  type MatchCandidate,
  type MatchLeg,
  matchTransfer,
} from './reconciliation/match-transfer.js';
export {
  judgeRefund,
  type RefundFacts,
  type RefundRefusal,
  type RefundStatus,
  refundableAtomic,
  refundMoves,
  refundStatuses,
  returnedAtomic,
} from './reconciliation/refund.js';
export {
  type AmountPromise,
  isWorthATransfer,
  reservableRange,
  reserveAmount,
  type UnreservableAmounts,
} from './reconciliation/reserve-amount.js';
export { toleranceMaxAtomic } from './reconciliation/tolerance.js';
export { type FailedBy, type Fixer, failureFixer, fixers, unverifiedReasons } from './report/fixer.js';
export {
  type Comparison,
  comparedPeriod,
  dayAfter,
  dayStartMs,
  isByHour,
  type PeriodResult,
  periodBefore,
  periodDaysMax,
  type ReportPeriod,
  reportPeriod,
} from './report/period.js';
export { countEntry, hourOf, type RollupChange, type RollupOutcome, rollupOutcomes } from './report/rollup.js';
export { type SearchKey, searchKey } from './report/search-key.js';
export { type DeliveryStatus, deliveryMoves, deliveryStatuses } from './webhook/delivery.js';
export { type DisabledReason, disabledReasons, endpointFailingMsMax, eventKeptMs } from './webhook/endpoint-health.js';
export { judgeTry, type TryOutcome, type TryVerdict } from './webhook/judge-try.js';
export { everyEvent, isSubscribable, isSubscribed } from './webhook/subscription.js';
export {
  type BooksEventType,
  booksEventType,
  type CaseEventType,
  disabledEventType,
  discrepancyEventType,
  type EventType,
  eventTypes,
  type RefundEventType,
  statusEventType,
  testEventType,
} from './webhook/webhook-event.js';
