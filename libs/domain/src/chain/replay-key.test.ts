import { describe, expect, it } from 'vitest';
import { authorizationReplayKey, transactionReplayKey } from './replay-key.js';

const contract = `0x${'1a'.repeat(20)}`;
const payer = `0x${'2b'.repeat(20)}`;
const nonce = `0x${'3c'.repeat(32)}`;

describe('replay keys', () => {
  it('of an authorization name asset, payer and nonce, and nothing a buyer could vary (A01, A04)', () => {
    expect(authorizationReplayKey(contract, payer, nonce)).toBe(`3009/${contract}/${payer}/${nonce}`);
  });

  it('are the same for every spelling of the same bytes', () => {
    const spelled = authorizationReplayKey(contract.toUpperCase(), payer.toUpperCase(), nonce.toUpperCase());
    expect(spelled).toBe(authorizationReplayKey(contract, payer, nonce));
    expect(transactionReplayKey(nonce.toUpperCase(), 0)).toBe(transactionReplayKey(nonce, 0));
  });

  it('of a transaction tell its transfers to us apart', () => {
    expect(transactionReplayKey(nonce, 0)).toBe(`tx/${nonce}/0`);
    expect(transactionReplayKey(nonce, 1)).not.toBe(transactionReplayKey(nonce, 0));
  });

  it('of the two kinds never meet', () => {
    expect(authorizationReplayKey(contract, payer, nonce).startsWith('tx/')).toBe(false);
  });
});
