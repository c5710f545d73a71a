import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  type PreviewWebhookRecovery,
  previewWebhookRecoverySchema,
  type RecoverWebhooks,
  recoverWebhooksSchema,
  type WebhookRecovery,
  type WebhookRecoveryListQuery,
  webhookRecoveryListQuerySchema,
} from '@tollbook/contract';
import { decodeId, encodeId } from '@tollbook/domain';
import type { RecoveryRefusal, WebhookRecoveryRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { type WebhookParts, webhookParts } from './webhook-parts.js';

/** Sending again all that an endpoint was not told, as a job that the worker carries out. */
@Controller('v1/webhook-endpoints/:id/recoveries')
export class WebhookRecoveriesController {
  constructor(@Inject(webhookParts) private readonly parts: WebhookParts) {}

  @Post('preview')
  @HttpCode(200)
  @Requires('webhooks:write')
  async preview(
    @CurrentCaller() { bookId }: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(previewWebhookRecoverySchema)) { since }: PreviewWebhookRecovery,
  ) {
    const counted = await this.parts.recoveries.count(bookId, endpointIdOf(id), Date.parse(since));
    if (counted.kind === 'refused') throw refusalOf(counted.reason);
    return { since: new Date(counted.sinceMs).toISOString(), count: counted.count };
  }

  @Post()
  @HttpCode(202)
  @Requires('webhooks:write')
  async start(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Param('id') id: string,
    @Body(new SchemaPipe(recoverWebhooksSchema)) { since, reason }: RecoverWebhooks,
  ): Promise<WebhookRecovery> {
    const change = { bookId: caller.bookId, webhookEndpointId: endpointIdOf(id), reason, by: caller };
    const recovery = { webhookRecoveryId: ids('webhookRecovery'), sinceMs: Date.parse(since) };
    const started = await this.parts.recoveries.start(change, recovery);
    if (started.kind === 'refused') throw refusalOf(started.reason);
    return toApiRecovery(started.recovery);
  }

  @Get()
  @Requires('webhooks:read')
  async list(
    @CurrentCaller() { bookId }: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(webhookRecoveryListQuerySchema)) query: WebhookRecoveryListQuery,
  ) {
    const after = query.after === undefined ? null : decodeId('webhookRecovery', query.after);
    if (query.after !== undefined && after === null) {
      throw new ProblemError('cursor_invalid', 'Take "after" from the nextCursor of an earlier answer.', {
        parameter: 'after',
      });
    }
    const rows = await this.parts.recoveries.list(bookId, endpointIdOf(id), after, query.limit + 1);
    if (rows === null) throw refusalOf('unknown');
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map(toApiRecovery),
      nextCursor: last ? encodeId('webhookRecovery', last.webhookRecoveryId) : null,
    };
  }

  @Get(':recoveryId')
  @Requires('webhooks:read')
  async one(@CurrentCaller() { bookId }: Caller, @Param('id') id: string, @Param('recoveryId') recoveryId: string) {
    const uuid = decodeId('webhookRecovery', recoveryId);
    const recovery = uuid === null ? null : await this.parts.recoveries.one(bookId, endpointIdOf(id), uuid);
    if (recovery === null) throw new ProblemError('not_found', 'No recovery of this endpoint has this id.');
    return toApiRecovery(recovery);
  }
}

function toApiRecovery(record: WebhookRecoveryRecord): WebhookRecovery {
  return {
    id: encodeId('webhookRecovery', record.webhookRecoveryId),
    webhookEndpointId: encodeId('webhookEndpoint', record.webhookEndpointId),
    since: new Date(record.sinceMs).toISOString(),
    status: record.doneAtMs === null ? 'running' : 'done',
    total: record.total,
    resent: record.resent,
    createdAt: new Date(record.createdAtMs).toISOString(),
    doneAt: record.doneAtMs === null ? null : new Date(record.doneAtMs).toISOString(),
  };
}

function endpointIdOf(id: string): string {
  const uuid = decodeId('webhookEndpoint', id);
  if (uuid === null) throw refusalOf('unknown');
  return uuid;
}

function refusalOf(reason: RecoveryRefusal): ProblemError {
  switch (reason) {
    case 'unknown':
      return new ProblemError('not_found', 'No webhook endpoint has this id.');
    case 'disabled':
      return new ProblemError('webhook_endpoint_disabled', 'Enable the endpoint first: nothing is sent to it now.');
    case 'running':
      return new ProblemError(
        'webhook_recovery_running',
        'A recovery of this endpoint is running; wait until it is done.',
      );
  }
}
