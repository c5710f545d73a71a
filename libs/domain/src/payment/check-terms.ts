import { evmExtra, type Offer } from '../offer/offer.js';
import type { TermsNetwork } from '../offer/terms-version.js';
import type { TermsRefusal } from './refusal-reason.js';

/** An EIP-3009 authorization as its payer signed it. Addresses and the nonce are lower-case hex. */
export type Authorization = {
  readonly from: string;
  readonly to: string;
  readonly valueAtomic: bigint;
  readonly validAfterUnixSeconds: bigint;
  readonly validBeforeUnixSeconds: bigint;
  readonly nonce: string;
};

/** The requirement a v2 client says it accepted: compared with ours, never used in its place (A12). */
export type AcceptedTerms = {
  readonly scheme: string;
  readonly network: string;
  readonly asset: string;
  readonly payTo: string;
  readonly amount: string;
  readonly maxTimeoutSeconds: number;
  readonly extra: Readonly<Record<string, unknown>>;
};

/** A payment as it arrived, translated from either protocol version. `accepted` and `resource` are null in v1. */
export type PresentedPayment = {
  readonly x402Version: 1 | 2;
  readonly scheme: string;
  /** CAIP-2, also when v1 named it otherwise. */
  readonly network: string;
  readonly accepted: AcceptedTerms | null;
  readonly resourceUrl: string | null;
  readonly invoiceId: string | null;
  /** The buyer's own name for this purchase (extension `payment-identifier`), or null. */
  readonly identifier: string | null;
  readonly authorization: Authorization;
  readonly signature: string;
};

export type CheckResult =
  | { readonly kind: 'ok'; readonly entry: TermsNetwork }
  | {
      readonly kind: 'refused';
      readonly reason: TermsRefusal;
      readonly expected: string;
      readonly received: string;
    };

export type CheckTermsInput = {
  readonly offer: Offer;
  readonly paymentId: string;
  readonly expiresAt: string;
  readonly presented: PresentedPayment;
  /** Whether path and priced query of v2 `resource.url` are those of this request; null when it names none. */
  readonly isResourceEqual: boolean | null;
  readonly nowUnixSeconds: number;
  /** Seconds the authorization must still live: verify, upstream and send all happen before it ends. */
  readonly lifeSecondsMin: number;
};

const scheme = 'exact';

/**
 * Whether a payment meets its offer. The order is a contract, cheapest first: scheme, network, resource, asset,
 * recipient, amount, what else the client says it accepted (`maxTimeoutSeconds`, our keys of `extra`), window. The
 * first that fails is the answer, with what was expected and what came.
 */
export function checkTerms(input: CheckTermsInput): CheckResult {
  const { offer, presented } = input;
  const accepted = presented.accepted;
  const otherScheme = [presented.scheme, accepted?.scheme ?? scheme].find((received) => received !== scheme);
  if (otherScheme !== undefined) return refused('not_offered', scheme, otherScheme);
  const entry = offer.terms.networks.find((each) => each.network === presented.network);
  if (!entry) {
    return refused('network_mismatch', offer.terms.networks.map((each) => each.network).join(' '), presented.network);
  }
  if (accepted && accepted.network !== entry.network) {
    return refused('network_mismatch', entry.network, accepted.network);
  }
  if (input.isResourceEqual === false) {
    return refused('resource_mismatch', 'the resource this request names', presented.resourceUrl ?? '');
  }
  if (accepted && accepted.asset.toLowerCase() !== entry.asset.contract) {
    return refused('asset_mismatch', entry.assetText, accepted.asset);
  }
  return checkRecipient(input, entry) ?? checkAmount(input, entry) ?? checkRest(input, entry) ?? { kind: 'ok', entry };
}

function checkRecipient({ presented }: CheckTermsInput, entry: TermsNetwork): CheckResult | null {
  const expected = entry.payToText.toLowerCase();
  for (const received of [presented.accepted?.payTo, presented.authorization.to]) {
    if (received !== undefined && received.toLowerCase() !== expected) {
      return refused('recipient_mismatch', entry.payToText, received);
    }
  }
  return null;
}

function checkAmount({ presented }: CheckTermsInput, entry: TermsNetwork): CheckResult | null {
  const expected = entry.amountAtomic.toString();
  for (const received of [presented.accepted?.amount, presented.authorization.valueAtomic.toString()]) {
    if (received !== undefined && received !== expected) return refused('amount_mismatch', expected, received);
  }
  return null;
}

function checkRest(input: CheckTermsInput, entry: TermsNetwork): CheckResult | null {
  const { presented, offer } = input;
  const accepted = presented.accepted;
  if (accepted) {
    const seconds = offer.terms.maxTimeoutSeconds;
    if (accepted.maxTimeoutSeconds !== seconds) {
      return refused('not_offered', `maxTimeoutSeconds ${seconds}`, `maxTimeoutSeconds ${accepted.maxTimeoutSeconds}`);
    }
    const extra = evmExtra({
      invoiceId: offer.invoiceId,
      paymentId: input.paymentId,
      expiresAt: input.expiresAt,
      eip712: entry.asset.eip712,
    });
    // Without our invoice id the client echoes nothing of `extra`, and the amount has chosen the terms (section 2).
    const echoesOurs = accepted.extra.invoiceId !== undefined;
    for (const [key, value] of Object.entries(echoesOurs ? extra : {})) {
      const received = accepted.extra[key];
      if (received !== value) {
        return refused('not_offered', `extra.${key} ${value}`, `extra.${key} ${String(received)}`);
      }
    }
  }
  return checkWindow(input);
}

function checkWindow({ presented, offer, nowUnixSeconds, lifeSecondsMin }: CheckTermsInput): CheckResult | null {
  const { validAfterUnixSeconds: after, validBeforeUnixSeconds: before } = presented.authorization;
  const now = BigInt(nowUnixSeconds);
  const earliestEnd = now + BigInt(lifeSecondsMin);
  const latestEnd = now + BigInt(offer.terms.maxTimeoutSeconds + windowToleranceSeconds);
  if (after >= now) return refused('authorization_window', `validAfter before ${now}`, `validAfter ${after}`);
  if (before < earliestEnd) return refused('authorization_window', `validBefore from ${earliestEnd}`, `${before}`);
  if (before > latestEnd) return refused('authorization_window', `validBefore up to ${latestEnd}`, `${before}`);
  return null;
}

/** How much longer than offered an authorization may live: the buyer's clock may be ahead of ours. */
export const windowToleranceSeconds = 60;

function refused(reason: TermsRefusal, expected: string, received: string): CheckResult {
  return { kind: 'refused', reason, expected, received };
}
