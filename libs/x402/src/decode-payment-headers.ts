import type { PresentedPayment } from '@tollbook/domain';
import type { z } from 'zod';
import { decodeBase64Json } from './decode-base64-json.js';
import { decodeShownInvoice, type ShownInvoiceHeaders } from './decode-shown-invoice.js';
import { keepSigned } from './facilitator-messages.js';
import { fromV1Network } from './network-name.js';
import type { PaymentHeaders } from './payment-headers.js';
import { evmExactPayloadSchema, paymentPayloadV1Schema, paymentPayloadV2Schema } from './payment-payload-schema.js';

export type DecodeRefusal = 'payment_malformed' | 'payment_header_unsupported' | 'version_unsupported';

export type DecodeResult =
  | { readonly kind: 'none' }
  /** `payload` is the JSON text's bytes as they came, for the record. */
  | { readonly kind: 'payment'; readonly payment: PresentedPayment; readonly payload: Uint8Array }
  /** No signed payment, but an invoice id, or a transaction that is said to have paid one. */
  | { readonly kind: 'shown'; readonly shown: ShownInvoiceHeaders }
  /** `detail` is ours alone: it never repeats what the client sent. The version is its header's, 0 where none says it. */
  | {
      readonly kind: 'refused';
      readonly reason: DecodeRefusal;
      readonly detail: string;
      readonly x402Version: 0 | 1 | 2;
    };

const headerNames = { 1: 'X-PAYMENT', 2: 'PAYMENT-SIGNATURE' } as const;

/**
 * The payment in a request's headers, in the domain's words. Looked at in this order: how many headers, their spelling
 * (`decodeBase64Json`), the version they promise, their shape. Never throws, whatever was sent.
 */
export function decodePaymentHeaders(headers: PaymentHeaders): DecodeResult {
  const { paymentSignature, xPayment } = headers;
  const value = paymentSignature[0] ?? xPayment[0];
  if (value === undefined) return olderSpelling(headers) ?? shownInvoice(headers) ?? { kind: 'none' };
  if (headers.paymentTx.length > 0 || headers.paymentProof.length > 0) {
    return refused('payment_malformed', 'Send either a signed payment or X402-Payment-Tx with its proof, not both.');
  }
  if (paymentSignature.length + xPayment.length > 1) {
    const what = paymentSignature.length === 0 || xPayment.length === 0 ? 'sent twice' : 'sent in both versions';
    return refused('payment_malformed', `The payment header was ${what}; send one of them once.`);
  }
  const version = paymentSignature.length > 0 ? 2 : 1;
  const decoded = decodeBase64Json(value);
  if (decoded.kind === 'refused') return malformed(version, decoded.detail);
  const promised = versionOf(decoded.json);
  if (promised === null) return malformed(version, 'not a JSON object');
  if (promised !== version) return wrongVersion(version, promised);
  const read = version === 2 ? fromWireV2(decoded.json) : fromWireV1(decoded.json);
  if (typeof read === 'string') return malformed(version, read);
  keepSigned(decoded.bytes, read);
  return { kind: 'payment', payment: read, payload: decoded.bytes };
}

function fromWireV1(json: unknown): PresentedPayment | string {
  const parsed = paymentPayloadV1Schema.safeParse(json);
  if (!parsed.success) return firstIssue(parsed.error);
  const { scheme, network, payload } = parsed.data;
  const signed = readSigned(payload);
  if (typeof signed === 'string') return signed;
  return {
    x402Version: 1,
    scheme,
    network: fromV1Network(network),
    accepted: null,
    resourceUrl: null,
    invoiceId: null,
    identifier: null,
    ...signed,
  };
}

/** Scheme and network are those of `accepted`; thirdweb repeats them at the top, where nothing else reads them. */
function fromWireV2(json: unknown): PresentedPayment | string {
  const parsed = paymentPayloadV2Schema.safeParse(json);
  if (!parsed.success) return firstIssue(parsed.error);
  const { accepted, resource, payload, extensions } = parsed.data;
  const signed = readSigned(payload);
  if (typeof signed === 'string') return signed;
  const { invoiceId } = accepted.extra;
  return {
    x402Version: 2,
    scheme: accepted.scheme,
    network: accepted.network,
    accepted,
    resourceUrl: resource?.url ?? null,
    invoiceId: typeof invoiceId === 'string' ? invoiceId : null,
    identifier: extensions?.['payment-identifier']?.info?.id ?? null,
    ...signed,
  };
}

/** What was signed. Another chain family branches here, by network. */
function readSigned(payload: unknown): Pick<PresentedPayment, 'authorization' | 'signature'> | string {
  const parsed = evmExactPayloadSchema.safeParse(payload);
  if (!parsed.success) return firstIssue(parsed.error, 'payload');
  const { from, to, value, validAfter, validBefore, nonce } = parsed.data.authorization;
  return {
    authorization: {
      from,
      to,
      valueAtomic: value,
      validAfterUnixSeconds: validAfter,
      validBeforeUnixSeconds: validBefore,
      nonce,
    },
    signature: parsed.data.signature,
  };
}

/** The version a JSON object promises, `undefined` when it promises none; null when it is no object. */
function versionOf(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  return 'x402Version' in json ? (json.x402Version ?? undefined) : undefined;
}

function wrongVersion(version: 1 | 2, promised: unknown): DecodeResult {
  const header = headerNames[version];
  const detail =
    promised === 1 || promised === 2
      ? `${header} carries x402Version ${version}; send x402Version ${promised} in ${headerNames[promised]}.`
      : `${header} must carry x402Version ${version}; X-PAYMENT speaks version 1, PAYMENT-SIGNATURE version 2.`;
  return refused('version_unsupported', detail, version);
}

function shownInvoice(headers: PaymentHeaders): DecodeResult | null {
  const shown = decodeShownInvoice(headers);
  return typeof shown === 'string' ? refused('payment_malformed', shown) : shown && { kind: 'shown', shown };
}

/** Names that drafts and older clients gave the payment header, answered with the right one. */
function olderSpelling(headers: PaymentHeaders): DecodeResult | null {
  const isInAuthorization = headers.authorization.some((value) => /^x402(\s|$)/i.test(value));
  const found = headers.olderNames[0] ?? (isInAuthorization ? 'authorization: x402' : null);
  if (found === null) return null;
  return refused(
    'payment_header_unsupported',
    `Payments are not read from "${found}"; send PAYMENT-SIGNATURE (x402 version 2) or X-PAYMENT (version 1).`,
  );
}

/** Where the first fault is and what is wrong there. Paths hold our own key names only. */
function firstIssue(error: z.core.$ZodError, ...under: string[]): string {
  const [issue] = error.issues;
  const path = [...under, ...(issue?.path ?? [])].join('.');
  return `${path}: ${issue?.message ?? 'has the wrong shape'}`;
}

function malformed(version: 1 | 2, what: string): DecodeResult {
  return refused('payment_malformed', `${headerNames[version]} cannot be read: ${what}.`, version);
}

function refused(reason: DecodeRefusal, detail: string, x402Version: 0 | 1 | 2 = 0): DecodeResult {
  return { kind: 'refused', reason, detail, x402Version };
}
