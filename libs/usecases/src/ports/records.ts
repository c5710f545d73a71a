import type {
  AllocationBucket,
  AmountPromise,
  AttemptKind,
  AttemptStatus,
  DiscrepancyKind,
  EventType,
  FailureReason,
  IntentSource,
  IntentStatus,
  MatchMethod,
  Mode,
  RefundStatus,
  SettleMode,
} from '@tollbook/domain';

/** Rows as use cases see them. Times are unix milliseconds; hashes and addresses lower-case hex with `0x`. */
export type BookRecord = {
  readonly bookId: number;
  readonly merchantId: string;
  readonly mode: Mode;
  readonly gateSlug: string;
  readonly timeZone: string;
  readonly configVersion: bigint;
};

export type IntentKey = { readonly bookId: number; readonly intentId: string };

export type IntentTerms = {
  readonly invoiceId: Uint8Array;
  readonly source: IntentSource;
  readonly termsNumber: bigint | null;
  readonly endpointId: string | null;
  readonly priceVersionId: string | null;
  readonly network: string;
  readonly assetId: number;
  readonly walletId: string;
  readonly amountAtomic: bigint;
  readonly fingerprint: Uint8Array | null;
  readonly expiresAtMs: number;
};

export type IntentState = {
  readonly status: IntentStatus;
  readonly sequence: number;
  readonly payer: string | null;
  readonly failureReason: FailureReason | null;
  readonly amountRefundedAtomic: bigint;
  readonly invoiceYear: number | null;
  readonly invoiceNo: number | null;
  readonly confirmedAtMs: number | null;
  readonly finalAtMs: number | null;
};

/** An intent with everything its status follows from. */
export type IntentRecord = IntentKey &
  IntentTerms &
  IntentState & {
    readonly createdAtMs: number;
    /** By which a transfer names this intent (B2); null until somebody asks to pay by one. */
    readonly reservedAtomic: bigint | null;
    readonly orderId: string | null;
    readonly metadata: Readonly<Record<string, unknown>> | null;
    /** Oldest first. */
    readonly attempts: readonly AttemptRecord[];
    /** Those not reversed. */
    readonly allocations: readonly AllocationRecord[];
    readonly openDiscrepancies: readonly DiscrepancyKind[];
  };

export type AttemptKey = { readonly bookId: number; readonly attemptId: string };

/** What identifies an attempt and never changes. */
export type AttemptFacts = AttemptKey & {
  readonly intentId: string;
  readonly network: string;
  readonly assetId: number;
  readonly kind: AttemptKind;
  readonly replayKeyHash: Uint8Array;
  readonly payer: string;
  readonly nonce: string | null;
  readonly amountAtomic: bigint;
  readonly validBeforeUnixSeconds: number | null;
  readonly requestFingerprint: Uint8Array;
  readonly clientNet: Uint8Array;
  readonly client: string | null;
  readonly x402Version: 1 | 2 | null;
  readonly createdAtMs: number;
};

/** What moves. */
export type AttemptState = {
  readonly status: AttemptStatus;
  readonly reason: FailureReason | null;
  readonly rawReason: string | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  readonly epoch: number;
  readonly leaseOwner: string | null;
  readonly leaseUntilMs: number | null;
  readonly sentAtMs: number | null;
  readonly submittedAtMs: number | null;
  readonly servedAtMs: number | null;
  readonly releasedAtMs: number | null;
  readonly checkAtMs: number | null;
  readonly lastSentAtMs: number | null;
  readonly resentCount: number;
  /** When its money moved: chosen by the terms, written with the decision to send. */
  readonly settleMode: SettleMode;
  /** How often the upstream ran again after it had served. */
  readonly rerunCount: number;
  /** What its facilitator called its transaction, where the chain shows another. */
  readonly claimedTxHash: string | null;
  readonly txHash: string | null;
  readonly gasSignerId: number | null;
  readonly gasNonce: bigint | null;
  readonly signedTx: Uint8Array | null;
  /** The remote facilitator that it was sent to; null while nothing was, and where we sent it ourselves. */
  readonly facilitatorId: string | null;
};

export type AttemptRecord = AttemptFacts &
  AttemptState & {
    /** Whether its lease lapsed or its owner has not been seen for ten seconds, by the database's clock. */
    readonly canBeTakenOver: boolean;
  };

export type AllocationRecord = {
  readonly bookId: number;
  readonly allocationId: string;
  readonly transferId: string;
  readonly leg: number;
  readonly intentId: string | null;
  readonly bucket: AllocationBucket;
  readonly amountAtomic: bigint;
  readonly matchedBy: MatchMethod;
  /** The transaction of its transfer. */
  readonly txHash: string;
  /** Who matched it, where that was a person. */
  readonly actorId?: string | null;
  /** The refund that it carries out; its part that returns what was owed is an allocation of its own. */
  readonly refundId?: string | null;
  readonly isOwed?: boolean;
  /** What is missing beside it and counts as paid all the same. */
  readonly forgivenAtomic?: bigint;
  /** Whether the transfer's block is at or below the network's final height. */
  readonly isFinal: boolean;
};

export type TransferRecord = {
  readonly bookId: number;
  readonly transferId: string;
  readonly network: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly blockTimeUnixSeconds: number;
  readonly txHash: string;
  readonly position: number;
  readonly assetId: number;
  readonly from: string;
  readonly to: string;
  readonly fromWalletId: string | null;
  readonly toWalletId: string | null;
  readonly amountAtomic: bigint;
  readonly replayKeyHash: Uint8Array | null;
};

/** Money of a payment that is given back, by a transfer that somebody sends from a wallet of the book. */
export type RefundRecord = IntentKey & {
  readonly refundId: string;
  readonly network: string;
  readonly assetId: number;
  readonly to: string;
  readonly amountAtomic: bigint;
  readonly status: RefundStatus;
  /** How much of it returned what was owed to the buyer; 0 until its transfer is confirmed. */
  readonly returnedAtomic: bigint;
  /** The transaction that somebody named for it. */
  readonly namedTxHash: string | null;
  /** The transaction of the transfer that carries it out. */
  readonly txHash: string | null;
  /** The last block that had been read when it was announced. */
  readonly afterBlock: bigint;
  readonly transferId: string | null;
  readonly reason: string;
  readonly actorId: string;
  readonly createdAtMs: number;
};

/** A person's order to give money to a payment. */
export type HandLinkRecord = {
  readonly bookId: number;
  readonly handLinkId: string;
  readonly intentId: string;
  readonly actorId: string;
  readonly transfer: TransferRecord;
};

/** An intent that a transfer names by its amount. */
export type NamedByAmount = IntentKey & { readonly transferId: string; readonly promise: AmountPromise };

export type DiscrepancyDraft = {
  readonly bookId: number;
  readonly kind: DiscrepancyKind;
  /** The attempt, transfer or intent it is about; one open record per kind and subject. */
  readonly subjectId: string;
  readonly intentId: string | null;
  readonly transferId: string | null;
  readonly amountAtomic: bigint;
};

export type EventDraft = {
  readonly bookId: number;
  readonly eventId: string;
  readonly type: EventType;
  readonly intentId: string | null;
  readonly sequence: number | null;
  readonly fromStatus: IntentStatus | null;
  readonly toStatus: IntentStatus | null;
  readonly causeId: string | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  /** The webhook body, frozen with the event. */
  readonly body: string;
};
