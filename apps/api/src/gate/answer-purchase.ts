import type { ServerResponse } from 'node:http';
import type { PurchaseOutcome, RequestFault, UpstreamAnswer } from '@tollbook/usecases';
import { answerOf } from './answers.js';
import { rateHeaders } from './rate-headers.js';
import type { AnswerWriter, OfferToWrite } from './write-answer.js';

type AnswerDeps = { readonly writer: AnswerWriter; readonly report: (error: unknown) => void };

/** Writes what became of a payment. */
export async function answerPurchase(
  deps: AnswerDeps,
  response: ServerResponse,
  outcome: PurchaseOutcome,
  offer: () => OfferToWrite | null,
  x402Version: 1 | 2,
  rateHeadersOfPayer: readonly string[],
): Promise<void> {
  const { writer } = deps;
  switch (outcome.kind) {
    case 'limited':
      return writer.refuse(response, 'rate_limited', { headers: rateHeaders('paid', outcome.verdict) });
    case 'refused': {
      const { code, expected, received, invoiceId, toSign, missing } = outcome;
      const detail = expected === undefined ? undefined : `Expected ${expected}, received ${received}.`;
      const members = toSign ? { toSign } : missing && { missing };
      const fresh = offer();
      // Whoever may pay anew is not told so while nobody could take it.
      if (!fresh && answerOf(code).isRepayable) return writer.refuse(response, 'settlement_unavailable', { invoiceId });
      return writer.refuse(response, code, { detail, offer: fresh ?? undefined, invoiceId, members });
    }
    case 'served': {
      const isComplete = await writer.serve(response, outcome, x402Version, rateHeadersOfPayer);
      // What this commit would tell is told by the chain too, so its failure changes nothing for the buyer.
      return outcome.afterAnswer(isComplete).catch(deps.report);
    }
    case 'not_charged':
      return notCharged(writer, response, outcome);
    case 'paid_not_served':
      return paidNotServed(writer, response, outcome, x402Version);
    case 'unknown': {
      const { code, receipt, invoiceId } = outcome;
      return writer.refuse(response, code, { receipt, x402Version, invoiceId });
    }
    case 'failed': {
      const { receipt, reason } = outcome;
      return writer.refuse(response, 'settlement_failed', {
        receipt,
        x402Version,
        offer: offer() ?? undefined,
        detail: proved(reason),
      });
    }
    case 'result_gone': {
      const { receipt, invoiceId } = outcome;
      return writer.refuse(response, 'result_gone', { receipt, x402Version, invoiceId });
    }
  }
}

function proved(reason: string): string {
  return `The network proved that no money moved (${reason}).`;
}

/** A small refusal of the upstream's own is its to give; anything else is hidden behind ours. */
async function notCharged(
  writer: AnswerWriter,
  response: ServerResponse,
  outcome: Extract<PurchaseOutcome, { kind: 'not_charged' }>,
): Promise<void> {
  const { answer, reason, invoiceId } = outcome;
  if (answer && isOwnRefusal(answer)) {
    await writer.passRefusal(response, answer, invoiceId);
    return;
  }
  writer.refuse(response, reason, { invoiceId });
}

/** The same of a payment that stands: its receipt goes along, and no new payment is invited. */
async function paidNotServed(
  writer: AnswerWriter,
  response: ServerResponse,
  outcome: Extract<PurchaseOutcome, { kind: 'paid_not_served' }>,
  x402Version: 1 | 2,
): Promise<void> {
  const { answer, reason, requestFault, receipt, invoiceId } = outcome;
  if (answer && isOwnRefusal(answer)) {
    await writer.passRefusal(response, answer, invoiceId, { receipt, x402Version });
    return;
  }
  const status = requestFault ? 400 : reason === 'upstream_timeout' ? 504 : undefined;
  const detail = requestFault && requestFaults[requestFault];
  const headers = ['tollbook-charged', 'yes'];
  writer.refuse(response, 'paid_not_served', { receipt, x402Version, invoiceId, status, detail, headers });
}

const again = 'The payment stands. Send the same payload again, with the whole body; sign nothing new.';
const requestFaults: Readonly<Record<RequestFault, string>> = {
  broken_off: `The body did not come to its end. ${again}`,
  digest_mismatch: `The body is not the one that Content-Digest names. ${again}`,
};

function isOwnRefusal({ httpStatus, body }: UpstreamAnswer): boolean {
  return httpStatus >= 400 && httpStatus < 500 && httpStatus !== 402 && body.length <= passedBodyBytesMax;
}

const passedBodyBytesMax = 16 * 1024;
