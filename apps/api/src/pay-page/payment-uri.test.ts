import { expect, it } from 'vitest';
import { paymentUri } from './payment-uri.js';

const way = {
  network: 'eip155:8453',
  asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  currency: 'USDC',
  address: '0x1111111111111111111111111111111111111111',
  amount: '0.01',
  amountAtomic: '10000',
};

it('writes a token transfer as EIP-681 has it', () => {
  expect(paymentUri(way)).toBe(
    'ethereum:0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913@8453/transfer?address=0x1111111111111111111111111111111111111111&uint256=10000',
  );
});

it.each([{ network: 'solana:x' }, { asset: 'usdc' }, { address: '0x12' }])('has no form for %j', (change) => {
  expect(paymentUri({ ...way, ...change })).toBeNull();
});
