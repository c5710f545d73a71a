import type { PaymentTx } from './ports/payment-tx.js';
import type { AttemptRecord, IntentRecord } from './ports/records.js';

/**
 * Ends the record that something paid was not served: it is about the attempt, or about the intent where nobody had
 * come for it yet.
 */
export async function closeNotServed(
  tx: PaymentTx,
  intent: IntentRecord,
  { bookId, attemptId, intentId }: AttemptRecord,
  resolution: 'served' | 'failed',
): Promise<void> {
  if (!intent.openDiscrepancies.includes('paid_not_served')) return;
  const keys = [attemptId, intentId].map((subjectId) => ({ bookId, kind: 'paid_not_served' as const, subjectId }));
  await tx.closeDiscrepancies(keys, resolution);
}
