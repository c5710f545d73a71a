export const priceStates = ['scheduled', 'current', 'past', 'canceled'] as const;
export type PriceState = (typeof priceStates)[number];

/** When offers are made at a price: from `activeFrom` until the next takes over, if one does. */
export type PriceActivity = {
  readonly activeFromMs: number;
  readonly activeToMs: number | null;
  /** Whether it was taken back before it came. */
  readonly isCanceled: boolean;
};

/** Where a price version stands at a moment. */
export function priceState({ activeFromMs, activeToMs, isCanceled }: PriceActivity, nowMs: number): PriceState {
  if (isCanceled) return 'canceled';
  if (activeFromMs > nowMs) return 'scheduled';
  return activeToMs === null || activeToMs > nowMs ? 'current' : 'past';
}
