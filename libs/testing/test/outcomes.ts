import type { PurchaseOutcome } from '@tollbook/usecases';

/** The code of an answer, or its kind where it has none. */
export function codeOf(outcome: PurchaseOutcome): string {
  return 'code' in outcome ? outcome.code : outcome.kind;
}

/** What was served, or the code of why nothing was. */
export function bodyOf(outcome: PurchaseOutcome): string {
  return outcome.kind === 'served' ? new TextDecoder().decode(outcome.answer.body) : codeOf(outcome);
}
