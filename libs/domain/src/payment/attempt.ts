/** The life of one signed authorization (or one presented transaction hash). */
export const attemptStatuses = [
  'claimed',
  'verified',
  'submitting',
  'submitted',
  'unknown',
  'confirmed',
  'final',
  'failed',
] as const;
export type AttemptStatus = (typeof attemptStatuses)[number];

export const attemptKinds = ['authorization', 'transfer'] as const;
export type AttemptKind = (typeof attemptKinds)[number];
