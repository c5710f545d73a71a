const precision = 1_000n;

/** Each amount as a share of the largest, for a drawing: a length on screen, never money again. */
export function shareOfMax(amountsAtomic: readonly string[]): number[] {
  const amounts = amountsAtomic.map((text) => BigInt(text));
  const max = amounts.reduce((largest, each) => (each > largest ? each : largest), 0n);
  if (max === 0n) return amounts.map(() => 0);
  return amounts.map((each) => Number(((each < 0n ? 0n : each) * precision) / max) / Number(precision));
}
