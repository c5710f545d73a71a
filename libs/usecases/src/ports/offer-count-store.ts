import type { ComparedRecord } from '@tollbook/domain';

/**
 * `offered`: a request without payment got its offer. `refused`: a payment was refused before it became a claim.
 * `failed`: after that, with nothing charged. `unknown`: its buyer was told that the chain has to tell. `paid`: it was
 * carried out for the first time.
 */
export const offerCountKinds = ['offered', 'refused', 'failed', 'unknown', 'paid'] as const;
export type OfferCountKind = (typeof offerCountKinds)[number];

/** What one minute saw of one endpoint: how often what was answered to which kind of client. */
export type OfferCount = {
  readonly endpointId: string;
  readonly kind: OfferCountKind;
  /** Why a payment was refused or failed; empty for the others. */
  readonly reason: string;
  /** The family of the client, out of a short list. */
  readonly client: string;
  /** 0 where no payment said it. */
  readonly x402Version: 0 | 1 | 2;
  readonly count: number;
};

/** One refused payment, so that a merchant can see what buyers get wrong. */
export type RefusalSample = {
  readonly endpointId: string;
  readonly reason: string;
  readonly client: string;
  readonly x402Version: OfferCount['x402Version'];
  /** Who the payment says pays, which nobody may have proved; null where it could not be read. */
  readonly payer: string | null;
  /** The payment that the offer it names would be; null where it names none of ours. */
  readonly intentId: string | null;
  readonly evidence: RefusalEvidence;
  readonly atMs: number;
};

/** What is kept of it beside that. */
export type RefusalEvidence = {
  /** Ours, for a payment that could not be read or was held back. */
  readonly detail?: string;
  readonly compared?: ComparedRecord;
  /** The client's own name for itself. */
  readonly agent?: string;
};

/** Where the gate leaves its counts. What a crash loses are counts, never money: commits are not waited for. */
export interface OfferCountStore {
  /** Adds the counts of a minute and keeps the samples, in one dbTx. */
  save(
    bookId: number,
    minuteMs: number,
    counts: readonly OfferCount[],
    samples: readonly RefusalSample[],
  ): Promise<void>;
}
