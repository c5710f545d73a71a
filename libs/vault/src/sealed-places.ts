/** Where each kind of sealed column stands: bound into its bytes, so that none opens in another's place. */
export const sealedPlaces = {
  sealKeySecret: 'seal_keys.secret',
  gasSignerKey: 'gas_signers.key',
} as const;

/** What keys derived from the master key are for; changing one makes everything made with it unreadable. */
export const keyLabels = {
  apiKeys: 'api-keys/1',
  clientNet: 'client-net/1',
  sessions: 'sessions/1',
  signInSubjects: 'sign-in-subjects/1',
} as const;
