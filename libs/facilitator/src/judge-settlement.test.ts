import { testAsset } from '@tollbook/testing';
import { describe, expect, it } from 'vitest';
import { type Asked, judgeSettlement } from './judge-settlement.js';

const txHash = `0x${'ab'.repeat(32)}`;
const asked: Asked = {
  asset: testAsset,
  payer: `0x${'bb'.repeat(20)}`,
  payTo: `0x${'71'.repeat(20)}`,
  amountAtomic: 10_000n,
};
const done = { success: true, transaction: txHash, network: testAsset.network, payer: asked.payer };
const refused = { success: false, transaction: '', network: testAsset.network, errorReason: 'insufficient_funds' };

const judge = (json: unknown, status = 200, trustsRefusals = false) =>
  judgeSettlement({ kind: 'answered', status, json }, asked, trustsRefusals);

describe('an answer to /settle', () => {
  it('is accepted when it names a transaction and nothing but what was asked for, in any spelling', () => {
    const upper = { ...done, transaction: `0x${'AB'.repeat(32)}`, payer: `0x${'BB'.repeat(20)}`, amount: '10000' };
    for (const json of [done, upper, { ...done, network: 'base-sepolia' }, { ...done, payer: null, extra: {} }]) {
      const network = 'network' in json && json.network === 'base-sepolia' ? 'eip155:84532' : asked.asset.network;
      const outcome = judgeSettlement(
        { kind: 'answered', status: 200, json },
        { ...asked, asset: { ...asked.asset, network } },
        false,
      );
      expect(outcome).toEqual({ kind: 'accepted', txHash });
    }
  });

  it.each([
    ['network', { network: 'eip155:1' }],
    ['network', { network: null }],
    ['payer', { payer: `0x${'ee'.repeat(20)}` }],
    ['amount', { amount: '10001' }],
    ['asset', { asset: `0x${'ee'.repeat(20)}` }],
    ['payTo', { payTo: `0x${'ee'.repeat(20)}` }],
  ])('is uncertain when it tells of another %s', (field, changes) => {
    expect(judge({ ...done, ...changes })).toEqual({ kind: 'uncertain', hint: 'echo_mismatch', rawReason: field });
  });

  it.each([
    ['no JSON', undefined],
    ['a list', []],
    ['a success in words', { ...done, success: 'true' }],
    ['a novel', { ...done, transaction: 'x'.repeat(301) }],
  ])('is uncertain when it is %s', (_name, json) => {
    expect(judge(json)).toEqual({ kind: 'uncertain', hint: 'garbage', rawReason: null });
  });

  it.each(['', '0x', `0x${'ab'.repeat(31)}`, 'done'])('is uncertain when its transaction is "%s"', (transaction) => {
    expect(judge({ ...done, transaction })).toMatchObject({ kind: 'uncertain', hint: 'garbage' });
  });

  it('is uncertain behind a redirect, and behind any status but 200', () => {
    expect(judge(done, 308)).toMatchObject({ kind: 'uncertain', hint: 'redirect' });
    expect(judge(done, 500)).toMatchObject({ kind: 'uncertain', hint: 'http_500' });
    expect(judge(undefined, 429)).toMatchObject({ kind: 'uncertain', hint: 'http_429' });
  });

  it('is uncertain when it is none', () => {
    const failed = { kind: 'failed', word: 'timeout' } as const;
    expect(judgeSettlement({ ...failed, isSent: true }, asked, true)).toMatchObject({ hint: 'timeout' });
    expect(judgeSettlement({ ...failed, isSent: false }, asked, true)).toMatchObject({ hint: 'not_sent_timeout' });
  });
});

describe('a refusal', () => {
  it('is believed by nobody, and keeps its reason', () => {
    expect(judge(refused)).toEqual({ kind: 'uncertain', hint: 'refused', rawReason: 'insufficient_funds' });
    expect(judge(refused, 400)).toMatchObject({ kind: 'uncertain', hint: 'refused_http_400' });
  });

  it('counts where it is trusted, for a reason that comes before any sending', () => {
    expect(judge(refused, 200, true)).toEqual({ kind: 'refused', rawReason: 'insufficient_funds' });
  });

  it.each([
    ['names a transaction', { transaction: txHash }, 200],
    ['may have come after sending', { errorReason: 'invalid_exact_evm_transaction_failed' }, 200],
    ['may tell of our own sending', { errorReason: 'invalid_exact_evm_nonce_already_used' }, 200],
    ['gives no reason', { errorReason: null }, 200],
    ['comes from a server in trouble', {}, 500],
    ['is pending', { errorReason: 'settlement_pending' }, 200],
  ])('counts for nothing, though it is trusted, when it %s', (_name, changes, status) => {
    expect(judge({ ...refused, ...changes }, status, true)).toMatchObject({ kind: 'uncertain' });
  });
});
