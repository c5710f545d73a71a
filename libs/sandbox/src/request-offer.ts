import { decodePaymentRequiredHeader, decodePaymentResponseHeader } from '@x402/core/http';
import type { PaymentRequired, SettleResponse } from '@x402/core/types';

/** A request that may cost money. */
export interface PricedRequest {
  url: string;
  /** GET unless given. */
  method?: string;
  body?: string;
  headers?: Readonly<Record<string, string>>;
}

/** An HTTP answer as the buyer saw it; header names are lower-case. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  bodyText: string;
  /** The `PAYMENT-REQUIRED` header decoded (v2 terms), null without a readable one. v1 terms are in the body. */
  paymentRequired: PaymentRequired | null;
  /** `PAYMENT-RESPONSE` or `X-PAYMENT-RESPONSE` decoded, null without a readable one. */
  paymentResponse: SettleResponse | null;
}

/** Makes the request without paying; throws only when nothing answers. */
export async function requestOffer(request: PricedRequest): Promise<Answer> {
  return await readAnswer(await fetch(request.url, toRequestInit(request)));
}

/** The request as `fetch` wants it. */
export function toRequestInit({ method = 'GET', body, headers = {} }: PricedRequest): RequestInit {
  return { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
}

/** Reads an answer to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return {
    status,
    headers: Object.fromEntries(headers.entries()),
    bodyText: await response.text(),
    paymentRequired: decodeHeader(headers.get('payment-required'), decodePaymentRequiredHeader),
    paymentResponse: decodeHeader(
      headers.get('payment-response') ?? headers.get('x-payment-response'),
      decodePaymentResponseHeader,
    ),
  };
}

function decodeHeader<Decoded>(header: string | null, decode: (header: string) => Decoded): Decoded | null {
  if (header === null) return null;
  try {
    return decode(header);
  } catch {
    return null;
  }
}
