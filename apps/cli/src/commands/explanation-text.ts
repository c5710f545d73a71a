import { type ComparedLine, foreignText } from '@tollbook/domain';
import { textTable } from '../text-table.js';
import type { ExplanationView } from './explanation-view.js';

/** An explanation as people read it: the offer, what was tried, what came on chain, what was refused, what to do. */
export function explanationText(view: ExplanationView): string[] {
  const { offer, payments, transfers, refusals, isCut, nextStep } = view;
  return [
    `Book ${view.book} (${view.mode})`,
    ...(offer ? section('Offer', offer.state, offerFacts(offer)) : []),
    ...payments.flatMap(paymentText),
    ...transfers.flatMap((transfer) =>
      section('On chain', transfer.buckets.join(', ') || transfer.stage, money(transfer)),
    ),
    ...refusals.flatMap(refusalText),
    ...(isCut ? ['', 'There is more; only the newest is told.'] : []),
    '',
    `Next: ${nextStep}`,
  ];
}

type Fact = readonly [label: string, value: string | number | null];

function offerFacts(offer: NonNullable<ExplanationView['offer']>): Fact[] {
  return [
    ['endpoint', offer.endpoint ?? 'none: an invoice of your backend'],
    ['price version', offer.priceVersion],
    ...offer.accepts.map(
      ({ network, amount, asset, payTo }): Fact => ['accepts', `${amount} ${asset} on ${network} to ${payTo}`],
    ),
    ['issued', offer.issuedAt],
    ['expires', offer.expiresAt],
    ['taken until', offer.honoredUntil],
    ['payment', offer.paymentId ?? 'none'],
  ];
}

function paymentText(payment: ExplanationView['payments'][number]): string[] {
  return [
    ...section('Payment', payment.status, [
      ['id', payment.id],
      ['invoice', payment.invoiceNumber ?? payment.invoiceId],
      ['due', `${payment.amount} ${payment.asset} on ${payment.network}`],
      ['payer', payment.payer],
      ['asked', payment.createdAt],
      ['confirmed', payment.confirmedAt],
      ['open about it', payment.openDiscrepancies.join(', ') || null],
    ]),
    ...payment.attempts.flatMap((attempt) => [
      ...section('  Attempt', [attempt.status, attempt.reason].filter(Boolean).join(': '), [
        ['  id', attempt.id],
        ['  at', attempt.createdAt],
        ['  client', clientText(attempt.x402Version, attempt.userAgent)],
        ['  transaction', attempt.txHash],
        ['  sent', attempt.sentAt],
        ['  served', attempt.servedAt],
        ['  they said', attempt.rawReason && foreignText(attempt.rawReason)],
        ['  next', attempt.nextStep],
      ]),
      ...comparisonText(attempt.comparison),
    ]),
    ...payment.transfers.flatMap((transfer) => section('  On chain', transfer.stage, money(transfer))),
  ];
}

function refusalText(refusal: ExplanationView['refusals'][number]): string[] {
  return [
    ...section('Refused', refusal.reason, [
      ['id', refusal.id],
      ['at', refusal.at],
      ['payer', refusal.payer],
      ['client', clientText(refusal.x402Version, refusal.userAgent ?? refusal.clientFamily)],
      ['detail', refusal.detail],
      ['next', refusal.nextStep],
    ]),
    ...comparisonText(refusal.comparison),
  ];
}

function money({
  amount,
  asset,
  from,
  to,
  network,
  txHash,
  blockNumber,
  blockTime,
}: ExplanationView['transfers'][number]): Fact[] {
  return [
    ['  amount', `${amount} ${asset}`],
    ['  from', from],
    ['  to', to],
    ['  transaction', `${txHash} on ${network}`],
    ['  block', `${blockNumber} at ${blockTime}`],
  ];
}

/** Both sides; a line that differs begins with a mark. */
function comparisonText(lines: readonly ComparedLine[]): string[] {
  if (lines.length === 0) return [];
  const cells = lines.map(({ field, expected, received, differs }) => [
    `${differs ? '≠' : ' '} ${field}`,
    expected ?? '-',
    received ?? '-',
  ]);
  return ['', ...textTable([{ title: '  field' }, { title: 'expected' }, { title: 'received' }], cells)];
}

function clientText(x402Version: number | null, agent: string | null): string | null {
  const protocol = x402Version === null ? null : `x402 v${x402Version}`;
  return [agent && foreignText(agent), protocol].filter(Boolean).join(', ') || null;
}

const labelWidth = 16;

function section(title: string, state: string, facts: readonly Fact[]): string[] {
  const lines = facts.filter(([, value]) => value !== null && value !== '');
  return ['', `${title}: ${state}`, ...lines.map(([label, value]) => `  ${label.padEnd(labelWidth)}${value}`)];
}
