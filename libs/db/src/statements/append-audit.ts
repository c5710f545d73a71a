import type { Session } from '../session.js';

export type AuditHead = { readonly audit_seq: bigint; readonly chain_hash: Uint8Array; readonly now: Date };

export type AuditRow = {
  readonly auditSeq: bigint;
  readonly at: Date;
  readonly mode: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly chainHash: Uint8Array;
};

type AuditTexts = Pick<
  AuditRow,
  | 'actorId'
  | 'actorName'
  | 'action'
  | 'targetKind'
  | 'targetId'
  | 'before'
  | 'after'
  | 'reason'
  | 'requestId'
  | 'address'
>;

/** Names the merchant for the policies of this dbTx; they read it when a statement begins, so it has one of its own. */
const name = { name: 'name_merchant', text: `select set_config('tollbook.merchant_id', $1, true)` };

/** Made at first use; the update that changes nothing takes the row's lock. */
const lock = {
  name: 'lock_audit_head',
  text: `insert into audit_heads (merchant_id) values ($1)
    on conflict (merchant_id) do update set audit_seq = audit_heads.audit_seq
    returning audit_seq, chain_hash, date_trunc('milliseconds', now()) as now`,
};

/** What a row's columns make of its values: half a surrogate pair is not kept, and an address has one spelling. */
const store = {
  name: 'store_audit',
  text: `select $1::text as "actorId", $2::text as "actorName", $3::text as action, $4::text as "targetKind",
      $5::text as "targetId", $6::jsonb as before, $7::jsonb as after, $8::text as reason, $9::text as "requestId",
      host($10::inet) as address`,
};

const append = {
  name: 'append_audit',
  text: `with moved as (
      update audit_heads set audit_seq = $2, chain_hash = $16 where merchant_id = $1
    )
    insert into audit_log (merchant_id, audit_seq, created_at, mode, actor_kind, actor_id, actor_name, action,
      target_kind, target_id, before, after, reason, request_id, address, chain_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
};

/** Opens the rows of one merchant to what follows in this dbTx. */
export async function nameMerchant(session: Session, merchantId: string): Promise<void> {
  await session.run(name, [merchantId]);
}

/** The end of a merchant's chain, held until the dbTx ends. */
export async function lockAuditHead(session: Session, merchantId: string): Promise<AuditHead | undefined> {
  await nameMerchant(session, merchantId);
  return (await session.run<AuditHead>(lock, [merchantId])).rows[0];
}

/** A row's values as they will be read back: what its hash is over. */
export async function asStored<Row extends AuditTexts>(session: Session, row: Row): Promise<Row> {
  const { actorId, actorName, action, targetKind, targetId, before, after, reason, requestId, address } = row;
  const [stored] = (
    await session.run<AuditTexts>(store, [
      ...[actorId, actorName, action, targetKind, targetId],
      ...[JSON.stringify(before), JSON.stringify(after), reason, requestId, address],
    ])
  ).rows;
  return { ...row, ...stored };
}

/** Adds a row and moves the head, which the caller holds. */
export async function insertAudit(session: Session, merchantId: string, row: AuditRow): Promise<void> {
  await session.run(append, [
    merchantId,
    row.auditSeq,
    row.at,
    row.mode,
    row.actorKind,
    row.actorId,
    row.actorName,
    row.action,
    row.targetKind,
    row.targetId,
    JSON.stringify(row.before),
    JSON.stringify(row.after),
    row.reason,
    row.requestId,
    row.address,
    row.chainHash,
  ]);
}
