import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type AuditEntry, type AuditListQuery, auditListQuerySchema } from '@tollbook/contract';
import { modes } from '@tollbook/domain';
import type { AuditLogRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { afterNumber, pageOf } from '../cursor.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

/** Who changed what, when and why. */
@Controller('v1/audit-log')
export class AuditController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('audit:read')
  async list(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(auditListQuerySchema)) query: AuditListQuery) {
    const filter = {
      actorId: query.actor ?? null,
      action: query.action ?? null,
      targetId: query.target ?? null,
      fromMs: query.from === undefined ? null : Date.parse(query.from),
      toMs: query.to === undefined ? null : Date.parse(query.to),
    };
    const after = afterNumber(query.after);
    const rows = await this.parts.audit.list(caller, filter, after === null ? null : BigInt(after), query.limit + 1);
    const page = pageOf(rows, query.limit, toApiAuditEntry, (row) => row.auditSeq.toString());
    return { ...page, isChainVerified: page.data.every((entry) => entry.isChained) };
  }
}

function toApiAuditEntry(row: AuditLogRecord): AuditEntry {
  return {
    seq: Number(row.auditSeq),
    at: new Date(row.atUnixMs).toISOString(),
    mode: modes.find((mode) => mode === row.mode) ?? null,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    action: row.action,
    target: { kind: row.targetKind, id: row.targetId },
    before: row.before,
    after: row.after,
    reason: row.reason === '' ? null : row.reason,
    requestId: row.requestId,
    address: row.address,
    isChained: row.isChained,
  };
}
