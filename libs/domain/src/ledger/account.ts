import { never } from '../never.js';

/** Which side of the books an account stands on. */
export const accountKinds = ['asset', 'pending', 'income', 'liability', 'equity', 'contra_income', 'expense'] as const;
export type AccountKind = (typeof accountKinds)[number];

/** An account named by what it is for; its code is what reports show. Accounts are made at first use. */
export type Account =
  | { readonly type: 'wallet'; readonly network: string; readonly address: string; readonly walletId: string }
  | { readonly type: 'external'; readonly label: string }
  | { readonly type: 'pending' | 'income'; readonly endpointId: string | null }
  | { readonly type: 'overpayment' | 'unmatched' | 'self_funding' | 'opening' | 'refunds' }
  | { readonly type: 'served_not_paid_loss' | 'served_not_paid_claim' };

/** The account's code, unique in its book: `assets:wallet:eip155:84532:0x…`, `pending:ep_…`, `liabilities:unmatched`. */
export function accountCode(account: Account): string {
  switch (account.type) {
    case 'wallet':
      return `assets:wallet:${account.network}:${account.address}`;
    case 'external':
      return `assets:external:${account.label}`;
    case 'pending':
    case 'income':
      return `${account.type}:${account.endpointId ?? 'none'}`;
    case 'overpayment':
    case 'unmatched':
      return `liabilities:${account.type}`;
    case 'self_funding':
    case 'opening':
      return `equity:${account.type}`;
    case 'refunds':
      return 'contra_income:refunds';
    case 'served_not_paid_loss':
      return 'expenses:served_not_paid';
    case 'served_not_paid_claim':
      return 'equity:served_not_paid';
    default:
      return never(account);
  }
}

/** The side of the books an account stands on. */
export function accountKind(account: Account): AccountKind {
  switch (account.type) {
    case 'wallet':
    case 'external':
      return 'asset';
    case 'pending':
    case 'income':
      return account.type;
    case 'overpayment':
    case 'unmatched':
      return 'liability';
    case 'self_funding':
    case 'opening':
    case 'served_not_paid_claim':
      return 'equity';
    case 'refunds':
      return 'contra_income';
    case 'served_not_paid_loss':
      return 'expense';
    default:
      return never(account);
  }
}
