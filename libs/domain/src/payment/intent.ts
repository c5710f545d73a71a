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

/** Whether its money is as deep as its network asks. Attempts and intents say it in the same words. */
export function isPaid(status: string): status is 'confirmed' | 'final' {
  return status === 'confirmed' || status === 'final';
}

export const intentSources = ['gate', 'api', 'pay_page'] as const;
export type IntentSource = (typeof intentSources)[number];

/** The least that pays an intent in full: its price, or the amount by which a transfer names it (B2). */
export function dueAtomic(intent: { readonly amountAtomic: bigint; readonly reservedAtomic: bigint | null }): bigint {
  return intent.reservedAtomic ?? intent.amountAtomic;
}

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
  ['confirmed', 'open'],
];
