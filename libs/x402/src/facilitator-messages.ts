import type { Asset, Authorization } from '@tollbook/domain';
import { z } from 'zod';
import { toV1Network } from './network-name.js';
import { evmExactPayloadSchema } from './payment-payload-schema.js';

/** What facilitators are sent and what they answer (`/verify`, `/settle`, `/supported`), in both versions. */

/** A signed payment as a facilitator is to carry it out. */
export type FacilitatorOrder = {
  readonly asset: Asset;
  readonly authorization: Authorization;
  readonly signature: string;
  /** What version 1 must name; no page of the buyer's, and no invoice. */
  readonly resourceUrl: string;
};

const payloadSchema = z.object({ payload: evmExactPayloadSchema });

type Signed = Pick<FacilitatorOrder, 'authorization' | 'signature'>;

/** What was read of payloads that came with a request: they are sent on a moment later, as the very same bytes. */
const knownSigned = new WeakMap<Uint8Array, Signed>();

/** Keeps what a payload was decoded to for `signedOf`. The bytes must not change in place. */
export function keepSigned(payload: Uint8Array, { authorization, signature }: Signed): void {
  knownSigned.set(payload, { authorization, signature });
}

/** Authorization and signature of a decoded payment, in either version; null when it holds none. */
export function signedOf(payload: Uint8Array): Signed | null {
  const known = knownSigned.get(payload);
  if (known) return known;
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    if (!parsed.success) return null;
    const { signature, authorization: a } = parsed.data.payload;
    const window = { validAfterUnixSeconds: a.validAfter, validBeforeUnixSeconds: a.validBefore };
    return { signature, authorization: { from: a.from, to: a.to, valueAtomic: a.value, ...window, nonce: a.nonce } };
  } catch {
    return null;
  }
}

/**
 * The body of `/verify` and `/settle`. It is made anew from what was signed, so nothing else that the buyer sent goes
 * along: the invoice id is the buyer's secret.
 */
export function facilitatorRequest(version: 1 | 2, order: FacilitatorOrder): Readonly<Record<string, unknown>> {
  const { asset, authorization: a, signature, resourceUrl } = order;
  const payload = {
    signature,
    authorization: {
      from: a.from,
      to: a.to,
      value: a.valueAtomic.toString(),
      validAfter: a.validAfterUnixSeconds.toString(),
      validBefore: a.validBeforeUnixSeconds.toString(),
      nonce: a.nonce,
    },
  };
  const { name, version: domainVersion } = asset.eip712;
  const shared = {
    scheme: 'exact',
    asset: asset.contract,
    payTo: a.to,
    maxTimeoutSeconds,
    extra: { name, version: domainVersion },
  };
  if (version === 2) {
    const accepted = { ...shared, network: asset.network, amount: a.valueAtomic.toString() };
    const paymentPayload = { x402Version: 2, accepted, payload };
    return { x402Version: 2, paymentPayload, paymentRequirements: accepted };
  }
  const network = toV1Network(asset.network);
  const described = { resource: resourceUrl, description: '', mimeType: 'application/json' };
  const required = { ...shared, ...described, network, maxAmountRequired: a.valueAtomic.toString() };
  const paymentPayload = { x402Version: 1, scheme: 'exact', network, payload };
  return { x402Version: 1, paymentPayload, paymentRequirements: required };
}

/** What is offered as a rule; facilitators look at the signed window. */
const maxTimeoutSeconds = 300;

const wordSchema = z.string().max(300);
const optionalWordSchema = wordSchema.nullish();

/** `POST /verify`. */
export const facilitatorVerdictSchema = z.object({
  isValid: z.boolean(),
  invalidReason: optionalWordSchema,
  payer: optionalWordSchema,
});

/** `POST /settle`. What else it names must be what was asked for. */
export const facilitatorSettlementSchema = z.object({
  success: z.boolean(),
  transaction: wordSchema.nullish().transform((text) => text ?? ''),
  network: optionalWordSchema,
  payer: optionalWordSchema,
  amount: optionalWordSchema,
  asset: optionalWordSchema,
  payTo: optionalWordSchema,
  errorReason: optionalWordSchema,
});

/** `GET /supported`. */
export const facilitatorKindsSchema = z.object({
  kinds: z.array(z.object({ x402Version: z.number(), scheme: z.string(), network: z.string() })).max(1_000),
});
