import type { AuditFilter } from '@tollbook/usecases';
import type { Session } from '../session.js';

export type AuditLogRow = {
  readonly audit_seq: bigint;
  readonly created_at: Date;
  readonly mode: string | null;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly request_id: string | null;
  readonly address: string | null;
  readonly chain_hash: Uint8Array;
  /** Null before the first entry. */
  readonly previous_hash: Uint8Array | null;
};

/** Each entry with the hash before it, which may be of one that the filter leaves out. */
const statement = {
  // Without a name it is planned with its values.
  name: '',
  text: `select a.audit_seq, a.created_at, a.mode, a.actor_kind, a.actor_id, a.actor_name, a.action, a.target_kind,
      a.target_id, a.before, a.after, a.reason, a.request_id, host(a.address) as address, a.chain_hash,
      p.chain_hash as previous_hash
    from audit_log a
    left join audit_log p on p.merchant_id = a.merchant_id and p.audit_seq = a.audit_seq - 1
    where a.merchant_id = $1 and (a.mode is null or a.mode = $2) and ($3::bigint is null or a.audit_seq < $3)
      and ($4::text is null or a.actor_id = $4)
      and ($5::text is null or a.action = $5 or starts_with(a.action, $5 || '.'))
      and ($6::text is null or a.target_id = $6)
      and ($7::timestamptz is null or a.created_at >= $7) and ($8::timestamptz is null or a.created_at < $8)
    order by a.audit_seq desc
    limit $9`,
};

/** A page of a merchant's audit log, newest first. */
export async function listAuditRows(
  session: Session,
  merchant: { readonly merchantId: string; readonly mode: string },
  filter: AuditFilter,
  after: bigint | null,
  limit: number,
): Promise<AuditLogRow[]> {
  const { actorId, action, targetId, fromMs, toMs } = filter;
  const timeOf = (ms: number | null) => (ms === null ? null : new Date(ms));
  const values = [merchant.merchantId, merchant.mode, after, actorId, action, targetId, timeOf(fromMs), timeOf(toMs)];
  return (await session.run<AuditLogRow>(statement, [...values, limit])).rows;
}
