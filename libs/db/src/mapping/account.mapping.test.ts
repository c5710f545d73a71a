import { type Account, accountCode } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { fromDbAccount, toDbAccountOwner } from './account.mapping.js';

const accounts: readonly Account[] = [
  { type: 'wallet', network: 'eip155:84532', address: '0xAbC0000000000000000000000000000000000001', walletId: 'w' },
  { type: 'external', label: 'bank: the old one' },
  { type: 'pending', endpointId: 'e' },
  { type: 'pending', endpointId: null },
  { type: 'income', endpointId: 'e' },
  { type: 'income', endpointId: null },
  { type: 'overpayment' },
  { type: 'unmatched' },
  { type: 'self_funding' },
  { type: 'opening' },
  { type: 'refunds' },
  { type: 'served_not_paid_loss' },
  { type: 'served_not_paid_claim' },
];

describe('fromDbAccount', () => {
  it.each(accounts)('reads back the account that was written: %o', (account) => {
    const { endpointId, walletId } = toDbAccountOwner(account);
    expect(fromDbAccount({ code: accountCode(account), endpoint_id: endpointId, wallet_id: walletId })).toEqual(
      account,
    );
  });

  it('fails on a code that no account has', () => {
    expect(() => fromDbAccount({ code: 'equity:toString', endpoint_id: null, wallet_id: null })).toThrow(
      'nobody makes',
    );
    expect(() => fromDbAccount({ code: 'toString', endpoint_id: null, wallet_id: null })).toThrow('nobody makes');
  });
});
