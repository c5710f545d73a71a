import { describe, expect, it } from 'vitest';
import { evmExtra } from './offer.js';

describe('evmExtra', () => {
  it('holds exactly our six keys, so that nothing secret or unforeseen goes on the wire', () => {
    const offer = {
      invoiceId: 'inv_x',
      paymentId: 'pi_x',
      expiresAt: '2026-11-20T12:00:00Z',
      eip712: { name: 'USDC', version: '2' },
    };
    expect(evmExtra(offer)).toEqual({
      name: 'USDC',
      version: '2',
      primaryType: 'TransferWithAuthorization',
      invoiceId: 'inv_x',
      paymentId: 'pi_x',
      expiresAt: '2026-11-20T12:00:00Z',
    });
  });
});
