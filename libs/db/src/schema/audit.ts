import { actorKinds, modes } from '@tollbook/domain';
import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, inet, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { merchants } from './catalogue.js';
import { bytes, createdAt, literals, status, table } from './columns.js';

/** Who changed what, append-only, chained by hashes per merchant like the ledger. */
export const auditLog = table(
  'audit_log',
  {
    merchantId: uuid('merchant_id').notNull(),
    /** Gap-free within its merchant, from 1. */
    auditSeq: bigint('audit_seq', { mode: 'bigint' }).notNull(),
    /** The book it concerns; null is both. */
    mode: text('mode', { enum: modes }),
    actorKind: status('actor_kind', actorKinds).notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    targetKind: text('target_kind').notNull(),
    targetId: text('target_id').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    reason: text('reason').notNull(),
    requestId: text('request_id'),
    address: inet('address'),
    chainHash: bytes('chain_hash', 32).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'audit_log_pkey', columns: [t.merchantId, t.auditSeq] }),
    foreignKey({ name: 'audit_log_merchant_fk', columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    check('audit_log_mode_listed', sql.raw(`mode in (${literals(modes)})`)),
    check('audit_log_action_dotted', sql`action ~ '^[a-z_]+([.][a-z_]+)+$'`),
    check('audit_log_audit_seq_positive', sql`audit_seq > 0`),
  ],
);

/** The end of each merchant's audit chain. */
export const auditHeads = table(
  'audit_heads',
  {
    merchantId: uuid('merchant_id').notNull(),
    auditSeq: bigint('audit_seq', { mode: 'bigint' }).notNull().default(sql`0`),
    chainHash: bytes('chain_hash', 32).notNull().default(sql`decode(repeat('00', 32), 'hex')`),
  },
  (t) => [
    primaryKey({ name: 'audit_heads_pkey', columns: [t.merchantId] }),
    foreignKey({ name: 'audit_heads_merchant_fk', columns: [t.merchantId], foreignColumns: [merchants.merchantId] }),
    check('audit_heads_audit_seq_range', sql`audit_seq >= 0`),
  ],
);
