import type { ClaimInput } from '@tollbook/usecases';
import type { AttemptRow } from '../mapping/attempt.mapping.js';
import { toDbHex, toDbHexOrNull, toDbTime } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { attemptColumns } from './attempt-columns.js';

/** What `claim_payment` answers; the columns of the attempt are all null where a refusal names none. */
export type ClaimRow = { readonly outcome: string } & (AttemptRow | { readonly [Column in keyof AttemptRow]: null });

/** The rules stand in the functions `claim_payment` and `claim_payments`: they see one book, and commit. */
const statement = {
  name: 'claim_payments',
  text: `select c.outcome, ${attemptColumns('(c.attempt)')}, c.can_be_taken_over
    from claim_payments($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
      $22, $23, $24, $25, $26, $27, $28, $29, $30) c
    order by c.place`,
};

/** Claims, in one round trip and one commit, payments of one book; an answer for each, in their order. */
export async function claimPayments(
  session: Session,
  networks: NetworkIds,
  bookId: number,
  inputs: readonly ClaimInput[],
): Promise<readonly ClaimRow[]> {
  const attempts = inputs.map((input) => input.attempt);
  const intents = inputs.map((input) => input.intent);
  const { rows } = await session.run<ClaimRow>(statement, [
    bookId,
    attempts.map((attempt) => attempt.attemptId),
    attempts.map((attempt) => attempt.intentId),
    attempts.map((attempt) => networks.idOf(attempt.network)),
    attempts.map((attempt) => attempt.assetId),
    attempts.map((attempt) => attempt.replayKeyHash),
    attempts.map((attempt) => attempt.kind),
    attempts.map((attempt) => toDbHex(attempt.payer)),
    attempts.map((attempt) => toDbHexOrNull(attempt.nonce)),
    attempts.map((attempt) => attempt.amountAtomic),
    attempts.map(({ validBeforeUnixSeconds: at }) => toDbTime(at === null ? null : at * 1000)),
    attempts.map((attempt) => attempt.requestFingerprint),
    attempts.map((attempt) => attempt.clientNet),
    attempts.map((attempt) => attempt.client),
    attempts.map((attempt) => attempt.x402Version),
    inputs.map((input) => input.payloadSealed),
    inputs.map((input) => input.leaseOwner),
    inputs.map((input) => input.leaseMs),
    intents.map((intent) => intent.invoiceId),
    intents.map((intent) => intent.source),
    intents.map((intent) => intent.termsNumber),
    intents.map((intent) => intent.endpointId),
    intents.map((intent) => intent.priceVersionId),
    intents.map((intent) => networks.idOf(intent.network)),
    intents.map((intent) => intent.assetId),
    intents.map((intent) => intent.walletId),
    intents.map((intent) => intent.amountAtomic),
    intents.map((intent) => intent.fingerprint),
    intents.map((intent) => toDbTime(intent.expiresAtMs)),
    inputs.map((input) => input.identifier),
  ]);
  if (rows.length !== inputs.length) throw new Error('claim_payments answers each');
  return rows;
}
