import type { PaymentIntentListQuery } from '@tollbook/contract';
import { type DiscrepancyKind, discrepancyKinds } from '@tollbook/domain';

/** The kinds of discrepancy that a list is asked for; none asks for nothing, and `any` for every kind there is. */
export function flagsOf(flag: PaymentIntentListQuery['flag']): readonly DiscrepancyKind[] {
  const asked = flag === undefined ? [] : [flag].flat();
  return asked.includes('any') ? discrepancyKinds : asked.filter((each) => each !== 'any');
}
