/** How much more or less than before, in words: from zero it is new, and a percentage of nothing is none. */
export function changeText(current: bigint, previous: bigint): string {
  if (current === previous) return current === 0n ? 'none before either' : 'same as before';
  if (previous === 0n) return 'new';
  const tenths = ((current - previous) * 1_000n) / previous;
  const magnitude = tenths < 0n ? -tenths : tenths;
  const sign = tenths < 0n ? '−' : '+';
  const percent = magnitude >= 1_000n ? `${magnitude / 10n}` : `${magnitude / 10n}.${magnitude % 10n}`;
  return `${sign}${percent}%`;
}
