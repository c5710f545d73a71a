import { expect, it } from 'vitest';
import { accountName } from './account-name.js';

const named = (id: string | null) => (id === 'ep_1' ? 'GET /weather' : '—');

it.each([
  ['assets:wallet:eip155:84532:0x3bdea2bcc5abfcc7f4f5a9e3e1c1f1b2c3d4f719', 'Wallet 0x3bdea2…f719, Base Sepolia'],
  ['income:ep_1', 'Income, GET /weather'],
  ['pending:none', 'Pending, no endpoint'],
  ['liabilities:unmatched', 'Unmatched'],
  ['equity:served_not_paid', 'Served not paid'],
])('calls %s by its name', (code, name) => {
  expect(accountName(code, named)).toBe(name);
});
