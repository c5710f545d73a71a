import { nextSteps } from '@tollbook/contract';
import { failureReasons } from '@tollbook/domain';
import { expect, it } from 'vitest';
import { answerCodes, answerOf } from '../gate/answers.js';

/** Said to who asked, not about a payment that failed. */
const noFailures = [
  ...['payment_required', 'path_not_canonical', 'parameter_ambiguous', 'endpoint_unknown', 'method_not_allowed'],
  ...['upgrade_not_supported', 'gate_not_ready', 'payment_outcome_unknown', 'earlier_payment_unknown'],
  ...['settlement_failed', 'result_gone'],
];

it('every reason that a payment can fail by has a next step, and nothing else has', () => {
  const codes = new Set<string>([...failureReasons, ...answerCodes]);
  for (const code of noFailures) codes.delete(code);
  expect(Object.keys(nextSteps).sort()).toEqual([...codes].sort());
  expect(answerOf('payer_blocked').status).toBe(403);
});
