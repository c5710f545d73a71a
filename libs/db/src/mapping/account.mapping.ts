import { type Account, AssertionFailed } from '@tollbook/domain';
import { required } from './column.mapping.js';

/** A row of ledger_accounts, as far as an account is read back from it. */
export type AccountRow = {
  readonly code: string;
  readonly endpoint_id: string | null;
  readonly wallet_id: string | null;
};

const plainTypes = {
  'liabilities:overpayment': 'overpayment',
  'liabilities:unmatched': 'unmatched',
  'equity:self_funding': 'self_funding',
  'equity:opening': 'opening',
  'contra_income:refunds': 'refunds',
  'expenses:served_not_paid': 'served_not_paid_loss',
  'equity:served_not_paid': 'served_not_paid_claim',
} as const;

const walletPrefix = 'assets:wallet:';
const externalPrefix = 'assets:external:';

/** The account whose code stands in the row: the inverse of `accountCode`. */
export function fromDbAccount(row: AccountRow): Account {
  const { code } = row;
  if (code.startsWith(walletPrefix)) {
    // A CAIP-2 name has a colon of its own; an address has none.
    const rest = code.slice(walletPrefix.length);
    const split = rest.lastIndexOf(':');
    const walletId = required(row.wallet_id, 'ledger_accounts.wallet_id');
    return { type: 'wallet', network: rest.slice(0, split), address: rest.slice(split + 1), walletId };
  }
  if (code.startsWith(externalPrefix)) return { type: 'external', label: code.slice(externalPrefix.length) };
  if (code.startsWith('pending:')) return { type: 'pending', endpointId: row.endpoint_id };
  if (code.startsWith('income:')) return { type: 'income', endpointId: row.endpoint_id };
  if (isPlain(code)) return { type: plainTypes[code] };
  throw new AssertionFailed(`the database holds an account that nobody makes: ${code}`);
}

/** The wallet and the endpoint that an account belongs to, as its row names them. */
export function toDbAccountOwner(account: Account): {
  readonly endpointId: string | null;
  readonly walletId: string | null;
} {
  return {
    endpointId: account.type === 'pending' || account.type === 'income' ? account.endpointId : null,
    walletId: account.type === 'wallet' ? account.walletId : null,
  };
}

function isPlain(code: string): code is keyof typeof plainTypes {
  return Object.hasOwn(plainTypes, code);
}
