import { formatDecimal } from '@tollbook/domain';

/** Atomic units as decimal text, with a sign where they are less than nothing. */
export function atomicText(atomic: bigint, decimals: number): string {
  return atomic < 0n ? `-${formatDecimal(-atomic, decimals)}` : formatDecimal(atomic, decimals);
}
