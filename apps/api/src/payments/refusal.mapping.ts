import { nextStep, type Refusal } from '@tollbook/contract';
import { encodeId, failureFixer } from '@tollbook/domain';
import type { FormatAddress, RefusalRecord } from '@tollbook/usecases';
import { noId } from '../pay-page/pay-stored-intent.js';

/** A refused payment as `/v1` shows it. */
export function toApiRefusal(record: RefusalRecord, formatAddress: FormatAddress): Refusal {
  const { refusalId, endpointId, reason, payer, intentId, x402Version, client, agent, compared, detail, atMs } = record;
  return {
    id: encodeId('refusal', refusalId),
    at: new Date(atMs).toISOString(),
    reason,
    fixer: failureFixer(reason),
    nextStep: nextStep(reason),
    detail,
    endpointId: endpointId === noId ? null : encodeId('endpoint', endpointId),
    payer: payer === null ? null : formatAddress('', payer),
    paymentId: intentId === null ? null : encodeId('intent', intentId),
    x402Version: x402Version === 0 ? null : x402Version,
    clientFamily: client,
    userAgent: agent,
    comparison: compared.map((line) => ({ ...line })),
  };
}
