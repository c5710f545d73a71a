import type { ClaimInput } from '@tollbook/usecases';
import type { AttemptRow } from '../mapping/attempt.mapping.js';
import { toDbHex, toDbHexOrNull, toDbTime } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { attemptColumns } from './attempt-columns.js';

/** What `claim_payment` answers; the columns of the attempt are all null where a refusal names none. */
export type ClaimRow = { readonly outcome: string } & (AttemptRow | { readonly [Column in keyof AttemptRow]: null });

/** The rules stand in the function, in migration `claim_payment`: it sees one book and commits by itself. */
const statement = {
  name: 'claim_payment',
  text: `select c.outcome, ${attemptColumns('(c.attempt)')}, c.can_be_taken_over
    from claim_payment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
      $18 * interval '1 millisecond', $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) c`,
};

/** Claims in one round trip and one commit. */
export async function claimPayment(session: Session, networks: NetworkIds, input: ClaimInput): Promise<ClaimRow> {
  const { attempt, intent } = input;
  const { validBeforeUnixSeconds } = attempt;
  const { rows } = await session.run<ClaimRow>(statement, [
    attempt.bookId,
    attempt.attemptId,
    attempt.intentId,
    networks.idOf(attempt.network),
    attempt.assetId,
    attempt.replayKeyHash,
    attempt.kind,
    toDbHex(attempt.payer),
    toDbHexOrNull(attempt.nonce),
    attempt.amountAtomic,
    toDbTime(validBeforeUnixSeconds === null ? null : validBeforeUnixSeconds * 1000),
    attempt.requestFingerprint,
    attempt.clientNet,
    attempt.client,
    attempt.x402Version,
    input.payloadSealed,
    input.leaseOwner,
    input.leaseMs,
    intent.invoiceId,
    intent.source,
    intent.termsNumber,
    intent.endpointId,
    intent.priceVersionId,
    networks.idOf(intent.network),
    intent.assetId,
    intent.walletId,
    intent.amountAtomic,
    intent.fingerprint,
    toDbTime(intent.expiresAtMs),
    input.identifier,
  ]);
  const [row] = rows;
  if (!row) throw new Error('claim_payment always answers');
  return row;
}
