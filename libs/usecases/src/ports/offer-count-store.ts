/** What one minute saw of one endpoint: how often what was answered to which kind of client. */
export type OfferCount = {
  readonly endpointId: string;
  /** `offered`: a request without payment got its offer. `refused`: a payment was refused before it became a claim. */
  readonly kind: 'offered' | 'refused';
  /** Why a payment was refused; empty for an offer. */
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
  readonly evidence: Readonly<Record<string, unknown>>;
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
