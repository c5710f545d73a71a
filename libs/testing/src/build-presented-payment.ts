import { type Authorization, assert, evmExtra, type PresentedPayment } from '@tollbook/domain';
import type { IssuedOffer } from '@tollbook/usecases';
import { validSignature } from './scripted-verifier.js';

/** What a test says about a payment; everything else is as the offer asks. */
export type PaymentChanges = Partial<Omit<PresentedPayment, 'authorization' | 'accepted'>> & {
  readonly authorization?: Partial<Authorization>;
  readonly accepted?: Partial<NonNullable<PresentedPayment['accepted']>>;
};

/** An authorization that pays an offer on its first network, signed by nobody, good for four minutes from its issue. */
export function buildAuthorization(offer: IssuedOffer, changes: Partial<Authorization> = {}): Authorization {
  const entry = entryOf(offer);
  return {
    from: `0x${'bb'.repeat(20)}`,
    to: entry.payToText.toLowerCase(),
    valueAtomic: entry.amountAtomic,
    validAfterUnixSeconds: 0n,
    validBeforeUnixSeconds: BigInt(offer.issuedAtUnixSeconds + 240),
    nonce: `0x${'01'.repeat(32)}`,
    ...changes,
  };
}

/** A payment of an offer as a client of protocol version 2 shows it; version 1 where `x402Version` says so. */
export function buildPresentedPayment(offer: IssuedOffer, changes: PaymentChanges = {}): PresentedPayment {
  const { authorization, accepted, ...presented } = changes;
  const entry = entryOf(offer);
  const shared = {
    scheme: 'exact',
    network: entry.network,
    resourceUrl: null,
    identifier: null,
    authorization: buildAuthorization(offer, authorization),
    signature: validSignature,
  };
  // A version 1 payload echoes nothing of what was offered.
  if (presented.x402Version === 1) return { ...shared, x402Version: 1, accepted: null, invoiceId: null, ...presented };
  const { invoiceId, paymentId, expiresAt } = offer;
  return {
    ...shared,
    x402Version: 2,
    accepted: {
      scheme: 'exact',
      network: entry.network,
      asset: entry.assetText,
      payTo: entry.payToText,
      amount: entry.amountAtomic.toString(),
      maxTimeoutSeconds: offer.terms.maxTimeoutSeconds,
      extra: evmExtra({ invoiceId, paymentId, expiresAt, eip712: entry.asset.eip712 }),
      ...accepted,
    },
    invoiceId,
    ...presented,
  };
}

function entryOf(offer: IssuedOffer) {
  const [entry] = offer.terms.networks;
  assert(entry !== undefined, 'terms name a network');
  return entry;
}
