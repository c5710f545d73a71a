import { problems } from '@tollbook/contract';
import { describe, expect, it } from 'vitest';
import { type AnswerCode, answerOf } from './answers.js';
import { AnswerWriter } from './write-answer.js';

/** Codes after which a buyer may sign anew: with every other one a fresh offer would invite a second payment. */
const repayable: AnswerCode[] = [
  'payment_required',
  'payment_malformed',
  'payment_header_unsupported',
  'version_unsupported',
  'payment_identifier_required',
  'invoice_unknown',
  'offer_expired',
  'offer_withdrawn',
  'not_offered',
  'network_mismatch',
  'resource_mismatch',
  'asset_mismatch',
  'recipient_mismatch',
  'amount_mismatch',
  'authorization_window',
  'signature_invalid',
  'insufficient_funds',
  'verification_refused',
  'authorization_canceled',
  'settlement_failed',
  'payment_used_elsewhere',
  'offer_already_used',
  'transfer_not_acceptable',
];
const others: AnswerCode[] = [
  'payment_outcome_unknown',
  'earlier_payment_unknown',
  'payment_in_progress',
  'invoice_in_progress',
  'invoice_already_paid',
  'payment_identifier_reused',
  'transfer_proof_required',
  'transfer_pending',
  'transfer_short',
  'transfer_booked_elsewhere',
  'settlement_unavailable',
  'store_unavailable',
  'gate_not_ready',
  'result_gone',
  'upstream_failed',
];

describe('answerOf', () => {
  it('is written in plain ASCII, whose length the gate takes for its bytes', () => {
    for (const code of [...repayable, ...others]) {
      const { title, detail } = answerOf(code);
      expect([code, /^[\x20-\x7e]*$/.test(title + detail)]).toEqual([code, true]);
    }
  });

  it.each(repayable)('%s goes with a fresh offer', (code) => {
    expect(answerOf(code).isRepayable).toBe(true);
  });

  it.each(others)('%s invites no payment', (code) => {
    expect(answerOf(code).isRepayable).toBe(false);
  });

  it.each([
    ['payment_outcome_unknown', 503, 5],
    ['earlier_payment_unknown', 503, 5],
    ['settlement_unavailable', 503, 10],
    ['payment_in_progress', 409, 2],
    ['transfer_pending', 503, 5],
  ] as const)('%s is %i and says when to come back', (code, status, retryAfterSeconds) => {
    expect(answerOf(code)).toMatchObject({ status, retryAfterSeconds });
  });

  it.each([
    'payer_blocked',
    'payer_not_allowed',
    'rate_limited',
    'request_too_large',
    'request_too_slow',
    'digest_mismatch',
  ] as const)('%s is said to have cost nothing', (code) => {
    const { headers } = new AnswerWriter('http://a.example').compose(code);
    expect(headers.slice(headers.indexOf('tollbook-charged')).slice(0, 2)).toEqual(['tollbook-charged', 'no']);
  });

  it('takes status and title from the contract', () => {
    expect(answerOf('signature_invalid')).toMatchObject(problems.signature_invalid);
  });
});
