import { decodePaymentSignatureHeader } from '@x402/core/http';
import type { PaymentPayload } from '@x402/core/types';
import { x402HTTPClient } from '@x402/fetch';
import type { Hex } from 'viem';
import { asSeenBy, createBuyerClient, type X402Version } from './buyer-client.js';
import type { Answer } from './request-offer.js';

/** The payment a client sends with its request. */
export interface SentPayment {
  headerName: 'PAYMENT-SIGNATURE' | 'X-PAYMENT';
  /** The header as sent: base64 of JSON. */
  rawHeader: string;
  /** The header decoded: for v1 its fields are `scheme` and `network` instead of `accepted`. */
  payload: PaymentPayload;
}

/**
 * Signs a payment of an offer without sending it, so that one header may be sent many times. `version` is 2 unless
 * given; throws when the offer holds no terms of that version that an EVM wallet can pay.
 */
export async function signPayment(options: {
  offer: Answer;
  privateKey: Hex;
  version?: X402Version;
}): Promise<SentPayment> {
  const { offer, privateKey, version = 2 } = options;
  const client = createBuyerClient(privateKey, version);
  const http = new x402HTTPClient(client);
  const response = asSeenBy(version, offer);
  const terms = http.getPaymentRequiredResponse((name) => response.headers.get(name), parseJson(offer.bodyText));
  const payload = await client.createPaymentPayload(terms);
  const sent = findSentPayment(new Headers(http.encodePaymentSignatureHeader(payload)));
  if (sent === null) throw new Error('the client made no payment header');
  return sent;
}

/** The payment among a request's headers, or null when it carries none. */
export function findSentPayment(headers: Headers): SentPayment | null {
  for (const headerName of ['PAYMENT-SIGNATURE', 'X-PAYMENT'] as const) {
    const rawHeader = headers.get(headerName);
    if (rawHeader !== null) return { headerName, rawHeader, payload: decodePaymentSignatureHeader(rawHeader) };
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
