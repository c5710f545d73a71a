import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { type Account, accountCode, accountKind, accountKinds } from './account.js';

const address = '0xAbCdEf0123456789aBcDeF0123456789AbCdEf01';
const table: readonly (readonly [Account, code: string, kind: string])[] = [
  [
    { type: 'wallet', network: 'eip155:84532', address, walletId: 'w' },
    `assets:wallet:eip155:84532:${address}`,
    'asset',
  ],
  [{ type: 'external', label: 'exchange' }, 'assets:external:exchange', 'asset'],
  [{ type: 'pending', endpointId: 'e1' }, 'pending:e1', 'pending'],
  [{ type: 'pending', endpointId: null }, 'pending:none', 'pending'],
  [{ type: 'income', endpointId: 'e1' }, 'income:e1', 'income'],
  [{ type: 'income', endpointId: null }, 'income:none', 'income'],
  [{ type: 'overpayment' }, 'liabilities:overpayment', 'liability'],
  [{ type: 'unmatched' }, 'liabilities:unmatched', 'liability'],
  [{ type: 'self_funding' }, 'equity:self_funding', 'equity'],
  [{ type: 'opening' }, 'equity:opening', 'equity'],
  [{ type: 'refunds' }, 'contra_income:refunds', 'contra_income'],
  [{ type: 'served_not_paid_loss' }, 'expenses:served_not_paid', 'expense'],
  [{ type: 'served_not_paid_claim' }, 'equity:served_not_paid', 'equity'],
];

describe('accounts', () => {
  it.each(table)('%j has the code %s and is of kind %s', (account, code, kind) => {
    expect(accountCode(account)).toBe(code);
    expect(accountKind(account)).toBe(kind);
  });

  it('have codes of their own, and every kind is used', () => {
    expect(new Set(table.map(([account]) => accountCode(account))).size).toBe(table.length);
    expect([...new Set(table.map(([account]) => accountKind(account)))].sort()).toEqual([...accountKinds].sort());
  });

  it('refuse a type that does not exist', () => {
    const foreign: Account = JSON.parse('{"type":"cash"}');
    expect(() => accountCode(foreign)).toThrow(AssertionFailed);
    expect(() => accountKind(foreign)).toThrow(AssertionFailed);
  });
});
