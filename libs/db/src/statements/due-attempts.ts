import type { AttemptRow } from '../mapping/attempt.mapping.js';
import type { Session } from '../session.js';
import { attemptRow } from './attempt-columns.js';

const ago = (milliseconds: string) => `now() - ${milliseconds} * interval '1 millisecond'`;
/** About the attempt, or about its intent from before there was one. */
const hasNoOpen = (kind: string) => `not exists (
  select from discrepancies d
  where d.book_id = a.book_id and d.kind = '${kind}' and d.subject_id in (a.attempt_id, a.intent_id)
    and d.closed_at is null
)`;
/** What a person has ended is not opened again. */
const wasNotEndedByHand = (kind: string) => `not exists (
  select from discrepancies d
  where d.book_id = a.book_id and d.intent_id = a.intent_id and d.kind = '${kind}'
    and d.subject_id in (a.attempt_id, a.intent_id) and d.closed_at is not null and d.actor_id is not null
)`;

const lapsedClaims = list(
  'lapsed_claims',
  `a.status in ('claimed', 'verified') and a.sent_at is null and a.lease_until < now()
    order by a.lease_until, a.attempt_id`,
);

const lapsedSubmissions = list(
  'lapsed_submissions',
  `a.status = 'submitting' and a.lease_until < now() order by a.lease_until, a.attempt_id`,
);

/** A transfer that is read but not deep enough yet is seen; deeper ones have moved their attempts on. */
const unseenSubmissions = list(
  'unseen_submissions',
  `a.status = 'submitted' and greatest(a.sent_at, a.submitted_at) < ${ago('$2')}
    and not exists (
      select from transfers t join cursors c on c.network_id = t.network_id and c.lane = 0
      where t.network_id = a.network_id and t.block_number > c.confirmed_number and t.orphaned_at is null
        and t.book_id = a.book_id and t.replay_key = a.replay_key
    )
    order by a.attempt_id`,
);

const rebroadcastable = list(
  'rebroadcastable',
  `a.status in ('submitting', 'submitted', 'unknown') and a.signed_tx is not null
    and coalesce(a.last_sent_at, a.sent_at) < ${ago('$2')}
    order by a.gas_signer_id, a.gas_nonce`,
);

const dueChecks = list(
  'due_checks',
  `a.check_at <= now() and a.status in ('submitted', 'unknown') order by a.check_at, a.attempt_id`,
);

const paidNotServed = list(
  'paid_not_served',
  `a.status in ('submitted', 'confirmed', 'final') and a.served_at is null
    and coalesce(a.submitted_at, a.sent_at) < ${ago('$2')} and ${hasNoOpen('paid_not_served')}
    and ${wasNotEndedByHand('paid_not_served')}
    order by coalesce(a.submitted_at, a.sent_at)`,
);

const servedNotPaid = list(
  'served_not_paid',
  `a.status in ('submitting', 'submitted', 'unknown') and a.served_at < ${ago('$2')}
    and ${hasNoOpen('served_not_paid')}
    order by a.served_at`,
);

/** By name. Each is served by an index that holds only attempts still in flight, or not served yet. */
const dueAttempts = {
  lapsedClaims,
  lapsedSubmissions,
  unseenSubmissions,
  rebroadcastable,
  dueChecks,
  paidNotServed,
  servedNotPaid,
};
type DueList = keyof typeof dueAttempts;

/** Up to `limit` attempts of a list; `olderThanMs` for those that something must have lasted a while. */
export async function selectDueAttempts(
  session: Session,
  due: DueList,
  limit: number,
  olderThanMs: number | null = null,
): Promise<AttemptRow[]> {
  const values = olderThanMs === null ? [limit] : [limit, olderThanMs];
  return (await session.run<AttemptRow>(dueAttempts[due], values)).rows;
}

function list(name: string, where: string) {
  return { name: `due_${name}`, text: `select ${attemptRow('a')} from attempts a where ${where} limit $1` };
}
