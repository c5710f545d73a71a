export const intentStatuses = [
  'open',
  'processing',
  'confirmed',
  'final',
  'unknown',
  'failed',
  'expired',
  'canceled',
] as const;
export type IntentStatus = (typeof intentStatuses)[number];

export const intentSources = ['gate', 'api', 'pay_page'] as const;
export type IntentSource = (typeof intentSources)[number];

/** Every permitted change of an intent's status, as the database trigger enforces it. */
export const intentMoves: readonly (readonly [IntentStatus, IntentStatus])[] = [
  ['open', 'processing'],
  ['open', 'confirmed'],
  ['open', 'failed'],
  ['open', 'expired'],
  ['open', 'canceled'],
  ['failed', 'processing'],
  ['processing', 'confirmed'],
  ['processing', 'unknown'],
  ['processing', 'failed'],
  ['processing', 'open'],
  ['processing', 'expired'],
  ['unknown', 'processing'],
  ['unknown', 'confirmed'],
  ['unknown', 'failed'],
  ['unknown', 'open'],
  ['unknown', 'expired'],
  ['confirmed', 'final'],
  ['confirmed', 'processing'],
];
