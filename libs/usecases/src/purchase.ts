import type {
  FailureReason,
  InvoiceRefusal,
  PresentedPayment,
  RateVerdict,
  SealKey,
  TermsRefusal,
  TermsVersion,
} from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import type { ExposureGauge } from './exposure-gauge.js';
import type { InFlight } from './in-flight.js';
import type { IssuedOffer } from './issue-offer.js';
import type { FormatAddress } from './payment-intent-view.js';
import type { AuthorizationVerifier } from './ports/authorization-verifier.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { Clock } from './ports/clock.js';
import type { Crypto } from './ports/crypto.js';
import type { Facilitators } from './ports/facilitator.js';
import type { Failpoint } from './ports/failpoint.js';
import type { GateBook, GateEndpoint } from './ports/gate-config-store.js';
import type { PaymentStore } from './ports/payment-store.js';
import type { ProofVerifier } from './ports/proof-verifier.js';
import type { LimitedVerdict, RateLimiter } from './ports/rate-limiter.js';
import type { IntentTerms } from './ports/records.js';
import type { Sealer } from './ports/sealer.js';
import type { SettlementGateway } from './ports/settlement-gateway.js';
import type { CallUpstream, RequestFault, UpstreamAnswer } from './ports/upstream.js';
import type { RateTally } from './rate-tally.js';
import type { SettleSlots } from './settle-slots.js';
import type { ShownDeps } from './shown-deps.js';

/** One network that payments are taken on. */
export type PaymentChain = {
  readonly reader: ChainReader;
  readonly verifier: AuthorizationVerifier;
  /** The built-in facilitator. Without a gas signer it sends again what was signed, and signs nothing new. */
  readonly settlement: SettlementGateway;
  readonly hasGasSigner: boolean;
  readonly proofs: ProofVerifier;
};

/** What taking a payment needs from the outside. */
export type PurchaseDeps = {
  readonly store: PaymentStore;
  readonly sealer: Sealer;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  /** Told of a failure that changes no answer. */
  readonly reportFailure: (error: unknown) => void;
  readonly catalog: Catalog;
  readonly formatAddress: FormatAddress;
  /** Undefined for a network on which nothing can be taken now: not configured, not checked yet, or refused. */
  readonly chainOf: (network: string) => PaymentChain | undefined;
  readonly facilitators: Facilitators;
  readonly sealKeyOf: (keyId: number) => SealKey | undefined;
  readonly currentSealKey: () => SealKey;
  readonly termsOf: (number: bigint) => Promise<TermsVersion | null>;
  /** This process, as leases know it. */
  readonly bootId: string;
  readonly inFlight: InFlight;
  readonly settleSlots: SettleSlots;
  readonly exposure: ExposureGauge;
  /** How long a payment beyond a cap waits to be seen in a block before it is served. */
  readonly sightWaitMs: number;
  /** Counts the calls of payers, for all processes together. */
  readonly payerLimiter: RateLimiter;
  readonly rateTally: RateTally;
  /** What is needed besides for transfers that buyers show. */
  readonly shown: ShownDeps;
};

/** What of a stored intent's row a claim is compared with, beside what its offer says. */
export type StoredTerms = Pick<IntentTerms, 'source' | 'endpointId' | 'expiresAtMs'>;

/** One request that carries a payment. */
export type Purchase = {
  readonly book: GateBook;
  readonly endpoint: GateEndpoint;
  readonly presented: PresentedPayment;
  /** The decoded payload, kept sealed with the attempt. */
  readonly payload: Uint8Array;
  readonly method: string;
  readonly resourceTag: Uint8Array;
  readonly requestFingerprint: Uint8Array;
  /** The whole path that was asked for, as `resource.url` should name it. */
  readonly resourcePath: string;
  /** Whether v2 `resource.url` names this path and priced query; null when the payload names no resource. */
  readonly isResourceUrlEqual: boolean | null;
  /** Keyed hash of the buyer's address (IPv6: its /64). */
  readonly clientNet: Uint8Array;
  readonly client: string | null;
  readonly callUpstream: CallUpstream;
  /** Whether the body can be read once only, while the upstream is called; then money must have moved before. */
  readonly isBodyStreamed?: boolean;
  /** The one offer that may be paid at this URL, where it names a stored intent; only its row has the terms. */
  readonly stored?: { readonly offer: IssuedOffer; readonly intent: StoredTerms };
  /** Aborted when the buyer's connection closes. */
  readonly signal: AbortSignal;
  /** Told how the payer stands against its limit, once a call was counted. */
  readonly onCounted?: (verdict: RateVerdict) => void;
};

/** What of a request its upstream's work needs, however it was paid. */
export type Sale = Pick<Purchase, 'book' | 'endpoint' | 'method' | 'callUpstream'>;

/** A text for the payer to sign, for a transaction of one network. */
export type TextToSign = { readonly network: string; readonly text: string };

/** What a settlement header tells: the same in every answer to one payment. */
export type Receipt = {
  readonly isSuccess: boolean;
  readonly txHash: string | null;
  readonly network: string;
  readonly payer: string;
  readonly errorReason: string | null;
};

/** Codes of answers that took no money now; texts, status and whether a new offer goes along stand in the api's table. */
export type RefusalCode =
  | TermsRefusal
  | InvoiceRefusal
  | 'invoice_unknown'
  | 'offer_withdrawn'
  | 'signature_invalid'
  | 'insufficient_funds'
  | 'verification_refused'
  | 'authorization_canceled'
  | 'transfer_proof_required'
  | 'payer_blocked'
  | 'payer_not_allowed'
  | 'payment_in_progress'
  | 'payment_used_elsewhere'
  | 'payment_identifier_required'
  | 'settlement_unavailable'
  | 'request_too_large'
  | 'gate_busy'
  | 'buyer_gone'
  | 'payment_required'
  | 'transfer_pending'
  | 'transfer_not_acceptable'
  | 'transfer_short'
  | 'transfer_booked_elsewhere';

export type PurchaseOutcome =
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly expected?: string;
      readonly received?: string;
      readonly invoiceId?: string;
      /** Which texts the payer may sign as proof (B3). */
      readonly toSign?: readonly TextToSign[];
      /** What a transfer is too small by, as decimal text and the asset's symbol. */
      readonly missing?: { readonly amount: string; readonly asset: string };
    }
  | {
      readonly kind: 'served';
      readonly answer: UpstreamAnswer;
      readonly receipt: Receipt;
      readonly invoiceId: string;
      readonly isReplay: boolean;
      /** To be called once, after the last byte left (or the connection broke): commits what is known then. */
      readonly afterAnswer: (isComplete: boolean) => Promise<void>;
    }
  /** The upstream did not do its work, so nothing was charged and the claim is released. */
  | {
      readonly kind: 'not_charged';
      readonly reason: 'upstream_failed' | 'upstream_timeout';
      readonly answer: UpstreamAnswer | null;
      readonly invoiceId: string;
    }
  /** Money moved first, and the upstream did not do its work: the same payment, shown again, has it run again. */
  | {
      readonly kind: 'paid_not_served';
      readonly reason: 'upstream_failed' | 'upstream_timeout';
      readonly requestFault: RequestFault | undefined;
      readonly answer: UpstreamAnswer | null;
      readonly receipt: Receipt;
      readonly invoiceId: string;
    }
  /** Money may have moved: only the chain can tell, and no new payment is invited. */
  | {
      readonly kind: 'unknown';
      readonly code: 'payment_outcome_unknown' | 'earlier_payment_unknown';
      readonly receipt: Receipt;
      readonly invoiceId: string;
    }
  /** The chain proved that no money moved. */
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly receipt: Receipt; readonly invoiceId: string }
  /** The payer made too many calls. Nothing was claimed, so nothing is charged. */
  | { readonly kind: 'limited'; readonly verdict: LimitedVerdict }
  | { readonly kind: 'result_gone'; readonly receipt: Receipt; readonly invoiceId: string };

/** A refusal with nothing but its code. */
export function refusedWith(code: RefusalCode, invoiceId?: string): PurchaseOutcome {
  return invoiceId === undefined ? { kind: 'refused', code } : { kind: 'refused', code, invoiceId };
}
