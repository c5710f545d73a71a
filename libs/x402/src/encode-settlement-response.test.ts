import { decodePaymentResponseHeader } from '@x402/core/http';
import { describe, expect, it } from 'vitest';
import { settlementResponseSchema } from './challenge-schema.js';
import { encodeSettlementResponse } from './encode-settlement-response.js';

const settlement = {
  isSuccess: true,
  txHash: '0xfb46',
  network: 'eip155:84532',
  payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
};

describe('encodeSettlementResponse', () => {
  it('speaks version 2 as stock clients decode it', () => {
    const { headerName, value } = encodeSettlementResponse(2, settlement);
    expect(headerName).toBe('PAYMENT-RESPONSE');
    const decoded = decodePaymentResponseHeader(value);
    expect(settlementResponseSchema.parse(decoded)).toEqual(decoded);
    expect(decoded).toEqual({
      success: true,
      transaction: '0xfb46',
      network: 'eip155:84532',
      payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    });
  });

  it('speaks version 1 with its own header and network name', () => {
    const { headerName, value } = encodeSettlementResponse(1, settlement);
    expect(headerName).toBe('X-PAYMENT-RESPONSE');
    expect(decodePaymentResponseHeader(value)).toMatchObject({ success: true, network: 'base-sepolia' });
  });

  it('names no transaction and no payer where there is none', () => {
    const { value } = encodeSettlementResponse(2, {
      isSuccess: false,
      txHash: null,
      network: 'eip155:84532',
      payer: null,
      errorReason: 'settlement_pending',
    });
    expect(decodePaymentResponseHeader(value)).toEqual({
      success: false,
      transaction: '',
      network: 'eip155:84532',
      errorReason: 'settlement_pending',
    });
  });
});
