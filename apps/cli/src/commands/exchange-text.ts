import { STATUS_CODES } from 'node:http';
import { formatDecimal, parseDecimal } from '@tollbook/domain';
import type { Answer, PaidExchange, SentPayment } from '@tollbook/sandbox';

/** The decimals of USDC, in which the sandbox's buyer holds and pays everything. */
const usdcDecimals = 6;
const bodyCharactersMax = 4_000;

type Fact = readonly [label: string, value: string | undefined];

/** One purchase as people read it: what was offered, what was sent, what came back. */
export function exchangeText({ offer, payment, result, clientRefusal }: PaidExchange): string[] {
  if (payment === null) {
    const why = clientRefusal === null ? 'nothing was to be paid' : `the buyer did not pay: ${clientRefusal}`;
    return [...section('Answer', statusText(offer), []), ...bodyText(offer), '', `Not paid: ${why}.`];
  }
  return [
    ...section('Offer', statusText(offer), offerFacts(offer)),
    ...section('Payment', payment.headerName, paymentFacts(payment)),
    ...section('Result', statusText(result), resultFacts(result)),
    ...bodyText(result),
  ];
}

function offerFacts({ headers, paymentRequired }: Answer): Fact[] {
  const entry = paymentRequired?.accepts[0];
  const amount = headers['x402-amount'] ?? usdcText(entry?.amount);
  return [
    ['amount', amount && `${amount} ${headers['x402-currency'] ?? 'USDC'}`],
    ['network', headers['x402-network'] ?? entry?.network],
    ['pay to', headers['x402-payment-address'] ?? entry?.payTo],
    ['invoice', headers['x402-invoice-id']],
    ['expires', headers['x402-expires-at']],
  ];
}

function paymentFacts({ payload }: SentPayment): Fact[] {
  const authorization = fieldsOf(fieldsOf(payload.payload).authorization);
  const accepted = fieldsOf('accepted' in payload ? payload.accepted : payload);
  const amount = usdcText(textOf(authorization.value));
  return [
    ['protocol', `x402 v${payload.x402Version}, ${textOf(accepted.scheme) ?? 'unknown scheme'}`],
    ['amount', amount && `${amount} USDC`],
    ['network', textOf(accepted.network)],
    ['from', textOf(authorization.from)],
    ['nonce', textOf(authorization.nonce)],
    ['valid until', timeText(textOf(authorization.validBefore))],
  ];
}

function resultFacts({ headers, paymentResponse }: Answer): Fact[] {
  return [
    ['settled', paymentResponse === null ? 'no receipt' : paymentResponse.success ? 'yes' : 'no'],
    ['reason', paymentResponse?.errorReason],
    ['chain tx', paymentResponse?.transaction],
    ['network', paymentResponse?.network],
    ['payer', paymentResponse?.payer],
    ['invoice', headers['tollbook-invoice']],
    ['charged', headers['tollbook-charged']],
  ];
}

function section(title: string, headline: string, facts: readonly Fact[]): string[] {
  const told = facts.flatMap(([label, value]) => (value ? [`  ${label.padEnd(12)}${value}`] : []));
  return [`${title.padEnd(9)} ${headline}`, ...told, ''];
}

function statusText({ status }: Answer): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function bodyText({ bodyText: text }: Answer): string[] {
  const shown = text.trimEnd();
  return shown.length > bodyCharactersMax ? [`${shown.slice(0, bodyCharactersMax)}…`] : [shown];
}

function usdcText(atomicText: string | undefined): string | undefined {
  const parsed = parseDecimal(atomicText ?? '', 0);
  return parsed.kind === 'ok' ? formatDecimal(parsed.atomic, usdcDecimals) : undefined;
}

function timeText(unixSeconds: string | undefined): string | undefined {
  return /^\d{1,12}$/.test(unixSeconds ?? '') ? new Date(Number(unixSeconds) * 1000).toISOString() : undefined;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
