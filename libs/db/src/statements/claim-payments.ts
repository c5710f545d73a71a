import type { ClaimInput } from '@tollbook/usecases';
import { bytesArray, hexArray, plainArray, textArray, timeArray } from '../array-text.js';
import type { AttemptRow } from '../mapping/attempt.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { attemptColumns } from './attempt-columns.js';

/** What `claim_payment` answers; the columns of the attempt are all null where a refusal names none. */
export type JudgedRow = { readonly outcome: string } & (AttemptRow | { readonly [Column in keyof AttemptRow]: null });

/** What became of one claim; of the first of its invoice, payer and key nothing stands but what the claim says. */
export type ClaimAnswer =
  | { readonly kind: 'first'; readonly madeAtMs: number; readonly version: string }
  | { readonly kind: 'judged'; readonly row: JudgedRow };

type Row = JudgedRow & { readonly places: readonly number[]; readonly now_ms: bigint; readonly version: string };

/** The rules stand in the functions `claim_payment` and `claim_payments`: they see one book, and commit. */
const statement = {
  name: 'claim_payments',
  text: `select c.places, c.outcome, ${attemptColumns('(c.attempt)')}, c.can_be_taken_over,
      floor(extract(epoch from now()) * 1000)::bigint as now_ms, pg_current_xact_id()::xid::text as version
    from claim_payments($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
      $22, $23, $24, $25, $26, $27, $28, $29, $30) c`,
};

/** Claims, in one round trip and one commit, payments of one book; an answer for each, in their order. */
export async function claimPayments(
  session: Session,
  networks: NetworkIds,
  bookId: number,
  inputs: readonly ClaimInput[],
): Promise<readonly ClaimAnswer[]> {
  const attempts = inputs.map((input) => input.attempt);
  const intents = inputs.map((input) => input.intent);
  const { rows } = await session.run<Row>(statement, [
    bookId,
    plainArray(attempts.map((attempt) => attempt.attemptId)),
    plainArray(attempts.map((attempt) => attempt.intentId)),
    plainArray(attempts.map((attempt) => networks.idOf(attempt.network))),
    plainArray(attempts.map((attempt) => attempt.assetId)),
    bytesArray(attempts.map((attempt) => attempt.replayKeyHash)),
    plainArray(attempts.map((attempt) => attempt.kind)),
    hexArray(attempts.map((attempt) => attempt.payer)),
    hexArray(attempts.map((attempt) => attempt.nonce)),
    plainArray(attempts.map((attempt) => attempt.amountAtomic)),
    timeArray(attempts.map(({ validBeforeUnixSeconds: at }) => (at === null ? null : at * 1000))),
    bytesArray(attempts.map((attempt) => attempt.requestFingerprint)),
    bytesArray(attempts.map((attempt) => attempt.clientNet)),
    textArray(attempts.map((attempt) => attempt.client)),
    plainArray(attempts.map((attempt) => attempt.x402Version)),
    bytesArray(inputs.map((input) => input.payloadSealed)),
    plainArray(inputs.map((input) => input.leaseOwner)),
    plainArray(inputs.map((input) => input.leaseMs)),
    bytesArray(intents.map((intent) => intent.invoiceId)),
    plainArray(intents.map((intent) => intent.source)),
    plainArray(intents.map((intent) => intent.termsNumber)),
    plainArray(intents.map((intent) => intent.endpointId)),
    plainArray(intents.map((intent) => intent.priceVersionId)),
    plainArray(intents.map((intent) => networks.idOf(intent.network))),
    plainArray(intents.map((intent) => intent.assetId)),
    plainArray(intents.map((intent) => intent.walletId)),
    plainArray(intents.map((intent) => intent.amountAtomic)),
    bytesArray(intents.map((intent) => intent.fingerprint)),
    timeArray(intents.map((intent) => intent.expiresAtMs)),
    textArray(inputs.map((input) => input.identifier)),
  ]);
  const answers = new Map<number, ClaimAnswer>();
  for (const row of rows) {
    const first = { kind: 'first', madeAtMs: Number(row.now_ms), version: row.version } as const;
    for (const place of row.places) answers.set(place, row.outcome === 'first' ? first : { kind: 'judged', row });
  }
  return inputs.map((_, index) => {
    const answer = answers.get(index + 1);
    if (!answer) throw new Error('claim_payments answers each');
    return answer;
  });
}
