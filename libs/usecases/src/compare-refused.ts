import {
  type ComparedLine,
  comparePayment,
  intentIdOfInvoice,
  invoiceIdBytes,
  readInvoiceId,
  type TermsVersion,
} from '@tollbook/domain';
import { bindPayment } from './bind-payment.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { SignedAuthorization } from './ports/authorization-verifier.js';
import type { PaymentChain, Purchase, PurchaseDeps } from './purchase.js';
import { lifeSecondsMin } from './time-limits.js';

export type RefusedComparison = {
  readonly lines: readonly ComparedLine[];
  /** The payment that the offer it names is, or would be; null where it names none of ours. */
  readonly intentId: string | null;
};

/**
 * What a refused payment was held against, line by line, with the key that signed it. Looks everything up again, and so
 * belongs where few come by: a bounded sample of refusals, and attempts that failed.
 */
export async function compareRefused(
  deps: PurchaseDeps,
  purchase: Purchase,
  named: { readonly expected: string; readonly received: string } | null = null,
): Promise<RefusedComparison> {
  const { presented, endpoint } = purchase;
  const nowUnixSeconds = Math.floor(deps.clock.nowMs() / 1000);
  const bound = await bindPayment(deps, purchase);
  const intentId = intentIdOf(deps, purchase);
  const terms = bound.kind === 'bound' ? bound.offer.terms : termsNow(endpoint.terms, nowUnixSeconds);
  if (!terms) return { lines: [], intentId };
  const entry = terms.networks.find(({ network }) => network === presented.network);
  const chain = entry && deps.chainOf(entry.network);
  const { authorization, signature } = presented;
  const signed = entry && { asset: entry.asset, authorization, signature };
  const signer = chain && signed ? await readSigner(chain, signed) : { signer: undefined, isSignerRight: true };
  const isEqual = bound.kind === 'bound' ? bound.isResourceEqual : purchase.isResourceUrlEqual;
  const lines = comparePayment({
    terms,
    presented,
    resource: { path: purchase.resourcePath, isEqual },
    nowUnixSeconds,
    lifeSecondsMin: lifeSecondsMin(terms.settleMode, endpoint.timeoutMs),
    ...signer,
    named,
  });
  return { lines, intentId };
}

async function readSigner(chain: PaymentChain, signed: SignedAuthorization) {
  const signer = await chain.verifier.recoverSigner(signed);
  if (signer === signed.authorization.from) return { signer, isSignerRight: true };
  try {
    const check = await chain.verifier.checkSignature(signed);
    return { signer, isSignerRight: check.kind === 'plausible' };
  } catch (error) {
    // Nobody can say whether a contract signed; what was recovered is told all the same.
    if (error instanceof ChainUnavailable) return { signer, isSignerRight: true };
    throw error;
  }
}

/** An id that is over is still one of ours, and leads to what its offer became. */
function intentIdOf(deps: PurchaseDeps, { presented, stored }: Purchase): string | null {
  if (stored) return intentIdOfInvoice(stored.offer.invoiceBytes, deps.crypto.sha256);
  if (presented.invoiceId === null) return null;
  const bytes = invoiceIdBytes(presented.invoiceId);
  const reading = readInvoiceId(bytes, deps.sealKeyOf, deps.crypto.hmacSha256);
  return bytes === null || reading.kind === 'refused' ? null : intentIdOfInvoice(bytes, deps.crypto.sha256);
}

/** What a fresh offer would ask. */
function termsNow(all: readonly TermsVersion[], nowUnixSeconds: number): TermsVersion | undefined {
  return all.find(
    ({ inForceFromUnixSeconds, supersededAtUnixSeconds }) =>
      inForceFromUnixSeconds <= nowUnixSeconds && (supersededAtUnixSeconds ?? nowUnixSeconds + 1) > nowUnixSeconds,
  );
}
