import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { type EventListQuery, eventListQuerySchema } from '@tollbook/contract';
import { decodeId } from '@tollbook/domain';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { toApiEvent } from './delivery.mapping.js';
import { type WebhookParts, webhookParts } from './webhook-parts.js';

/** What happened, in order: for whoever missed a webhook, or wants none. */
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(webhookParts) private readonly parts: WebhookParts) {}

  @Get()
  @Requires('events:read')
  async list(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(eventListQuerySchema)) query: EventListQuery) {
    const after = query.after === undefined ? 0 : Number(query.after);
    const rows = await this.parts.queries.events(caller.bookId, after, query.type ?? null, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return { data: page.map((event) => toApiEvent(event, caller.mode)), nextCursor: last ? `${last.position}` : null };
  }

  @Get(':id')
  @Requires('events:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const eventId = decodeId('event', id);
    const event = eventId === null ? null : await this.parts.queries.event(caller.bookId, eventId);
    if (!event) throw new ProblemError('not_found', 'No event has this id.');
    return toApiEvent(event, caller.mode);
  }
}
