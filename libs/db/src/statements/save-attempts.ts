import type { AttemptRecord } from '@tollbook/usecases';
import { toDbHexOrNull, toDbJson, toDbTime } from '../mapping/column.mapping.js';
import type { Session } from '../session.js';

const statement = {
  name: 'save_attempts',
  text: `update attempts a
    set status = u.status, reason = u.reason, raw_reason = u.raw_reason, evidence = u.evidence::jsonb, epoch = u.epoch,
      lease_owner = u.lease_owner, lease_until = u.lease_until, sent_at = u.sent_at, submitted_at = u.submitted_at,
      served_at = u.served_at, released_at = u.released_at, check_at = u.check_at, last_sent_at = u.last_sent_at,
      resent_count = u.resent_count, tx_hash = u.tx_hash, gas_signer_id = u.gas_signer_id, gas_nonce = u.gas_nonce,
      signed_tx = u.signed_tx, facilitator_id = u.facilitator_id, settle_mode = u.settle_mode,
      rerun_count = u.rerun_count, claimed_tx_hash = u.claimed_tx_hash,
      payload_sealed = case when u.status = 'final' then null else a.payload_sealed end,
      updated_at = now()
    from unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::integer[], $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
        $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::smallint[], $19::bytea[], $20::integer[],
        $21::bigint[], $22::bytea[], $23::uuid[], $24::text[], $25::smallint[], $26::bytea[])
      as u (book_id, attempt_id, previous_epoch, previous_status, status, reason, raw_reason, evidence, epoch,
        lease_owner, lease_until, sent_at, submitted_at, served_at, released_at, check_at, last_sent_at, resent_count,
        tx_hash, gas_signer_id, gas_nonce, signed_tx, facilitator_id, settle_mode,
        rerun_count, claimed_tx_hash)
    where a.book_id = u.book_id and a.attempt_id = u.attempt_id
      and a.epoch = u.previous_epoch and a.status = u.previous_status`,
};

/** Writes what moves of attempts that still stand where `previous` saw them; resolves to how many did. */
export async function saveAttempts(
  session: Session,
  changes: readonly { readonly previous: AttemptRecord; readonly next: AttemptRecord }[],
): Promise<number> {
  const next = changes.map((change) => change.next);
  const { rowCount } = await session.run(statement, [
    next.map((attempt) => attempt.bookId),
    next.map((attempt) => attempt.attemptId),
    changes.map(({ previous }) => previous.epoch),
    changes.map(({ previous }) => previous.status),
    next.map((attempt) => attempt.status),
    next.map((attempt) => attempt.reason),
    next.map((attempt) => attempt.rawReason),
    next.map((attempt) => toDbJson(attempt.evidence)),
    next.map((attempt) => attempt.epoch),
    next.map((attempt) => attempt.leaseOwner),
    next.map((attempt) => toDbTime(attempt.leaseUntilMs)),
    next.map((attempt) => toDbTime(attempt.sentAtMs)),
    next.map((attempt) => toDbTime(attempt.submittedAtMs)),
    next.map((attempt) => toDbTime(attempt.servedAtMs)),
    next.map((attempt) => toDbTime(attempt.releasedAtMs)),
    next.map((attempt) => toDbTime(attempt.checkAtMs)),
    next.map((attempt) => toDbTime(attempt.lastSentAtMs)),
    next.map((attempt) => attempt.resentCount),
    next.map((attempt) => toDbHexOrNull(attempt.txHash)),
    next.map((attempt) => attempt.gasSignerId),
    next.map((attempt) => attempt.gasNonce),
    next.map((attempt) => attempt.signedTx),
    next.map((attempt) => attempt.facilitatorId),
    next.map((attempt) => attempt.settleMode),
    next.map((attempt) => attempt.rerunCount),
    next.map((attempt) => toDbHexOrNull(attempt.claimedTxHash)),
  ]);
  return rowCount ?? 0;
}
