export type { AccountsOptions } from './auth-options.js';
export { createAccounts } from './create-accounts.js';
