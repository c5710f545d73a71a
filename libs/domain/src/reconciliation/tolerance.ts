/**
 * How small a difference a merchant does not want to be asked about, in the token's own units; 0 asks about every one.
 * It decides what is told and what counts as paid, never what is booked: each unit that came stands in the books.
 */
export type Tolerance = bigint;

/** Of what is due at most so much is forgiven, whatever the tolerance: nobody buys a cheap call for nothing. */
const forgivenPartMax = 100n;

/** How much of what is missing counts as paid: all of it where it is dust, else nothing. */
export function forgivenAtomic(missingAtomic: bigint, dueAtomic: bigint, tolerance: Tolerance): bigint {
  const most = dueAtomic / forgivenPartMax;
  return missingAtomic <= tolerance && missingAtomic <= most ? missingAtomic : 0n;
}

/** Whether money is so little that nobody is asked about it. */
export function isDust(amountAtomic: bigint, tolerance: Tolerance): boolean {
  return amountAtomic <= tolerance;
}

/** The largest tolerance that may be set: one whole token. More is no dust to anybody. */
export function toleranceMaxAtomic(decimals: number): bigint {
  return 10n ** BigInt(decimals);
}
