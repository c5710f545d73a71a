import { wrapFetchWithPayment } from '@x402/fetch';
import type { Hex } from 'viem';
import { asSeenBy, createBuyerClient, type X402Version } from './buyer-client.js';
import { type Answer, type PricedRequest, readAnswer, toRequestInit } from './request-offer.js';
import { findSentPayment, type SentPayment } from './sign-payment.js';

/** What the sandbox buyer does: request, and pay from this key if asked to. */
export interface PayOptions extends PricedRequest {
  privateKey: Hex;
  /** The protocol version the buyer's client speaks; 2 unless given. */
  version?: X402Version;
}

/** One purchase as it went over the wire. */
export interface PaidExchange {
  /** The first answer: a 402 with terms, or whatever a free or failing resource says. */
  offer: Answer;
  /** Null when nothing was to be paid, or the client would not. */
  payment: SentPayment | null;
  /** The last answer; the same as `offer` when there was no payment. */
  result: Answer;
  /** Why the client did not pay a 402; null otherwise. */
  clientRefusal: string | null;
}

/**
 * Requests a resource and pays for it with the unmodified x402 client if it answers 402. Whatever the server says
 * is returned, never thrown; throws only when nothing answers.
 */
export async function pay(options: PayOptions): Promise<PaidExchange> {
  const { privateKey, version = 2 } = options;
  const answers: Answer[] = [];
  let payment: SentPayment | null = null;
  let transportError: unknown = null;
  const recordingFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    payment = findSentPayment(request.headers) ?? payment;
    try {
      const answer = await readAnswer(await fetch(request));
      answers.push(answer);
      return asSeenBy(version, answer);
    } catch (error) {
      transportError = error;
      throw error;
    }
  };
  const payingFetch = wrapFetchWithPayment(recordingFetch, createBuyerClient(privateKey, version));
  let clientRefusal: string | null = null;
  try {
    await payingFetch(options.url, toRequestInit(options));
  } catch (error) {
    if (transportError !== null) throw transportError;
    clientRefusal = error instanceof Error ? error.message : String(error);
  }
  const offer = answers.at(0);
  const result = answers.at(-1);
  if (offer === undefined || result === undefined) throw new Error(`nothing answered: ${clientRefusal}`);
  return { offer, payment, result, clientRefusal };
}
