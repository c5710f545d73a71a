import type { Range } from '../range.js';

/** Keys that choose a range on pages that have one. */
export const rangeKeys: readonly { letter: string; range: Range }[] = [
  { letter: 'd', range: 'today' },
  { letter: 'w', range: '7d' },
  { letter: 'm', range: '30d' },
  { letter: 'y', range: '12m' },
];
