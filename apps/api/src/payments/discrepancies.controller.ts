import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type ChangeDiscrepancy,
  type CloseDiscrepancies,
  type CloseDiscrepancy,
  type ClosedDiscrepancy,
  changeDiscrepancySchema,
  closeDiscrepanciesSchema,
  closeDiscrepancySchema,
  type Discrepancy,
  type DiscrepancyLink,
  type DiscrepancyListQuery,
  discrepancyListQuerySchema,
  type LinkDiscrepancy,
  linkDiscrepancySchema,
} from '@tollbook/contract';
import { decodeId, encodeId } from '@tollbook/domain';
import {
  changeDiscrepancyByHand,
  closeDiscrepanciesByHand,
  closeDiscrepancyByHand,
  type HandRefused,
  type LinkOrder,
  orderLinkByHand,
  toDiscrepancyView,
} from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { cursorOf } from './cursor-of.js';

/** How long a request waits for the worker to carry out what it ordered; then the answer says that it will. */
const carryOutMs = 8_000;
const lookAgainMs = 150;

/** What does not add up, and what people decide about it. */
@Controller('v1/discrepancies')
export class DiscrepanciesController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('payments:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(discrepancyListQuerySchema)) query: DiscrepancyListQuery,
  ) {
    const after = query.after === undefined ? null : cursorOf('discrepancy', query.after);
    const isOpen = query.status === undefined ? null : query.status === 'open';
    const filter = { isOpen, kind: query.kind ?? null, assignee: assigneeOf(query.assignee, caller) };
    const rows = await this.parts.queries.listDiscrepancies(caller.bookId, filter, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page[page.length - 1] : undefined;
    return {
      data: page.map((record) => toDiscrepancyView(record, this.parts.catalog)),
      nextCursor: last ? encodeId('discrepancy', last.discrepancyId) : null,
    };
  }

  @Get('assignees')
  @Requires('payments:read')
  async assignees(@CurrentCaller() caller: Caller) {
    const people = await this.parts.hand.assignees(caller.bookId);
    return { data: people.map(({ userId, name }) => ({ id: userId, name })) };
  }

  @Get(':id')
  @Requires('payments:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Discrepancy> {
    const record = await this.parts.queries.discrepancy(caller.bookId, discrepancyIdOf(id));
    if (!record) throw problemOf({ kind: 'refused', reason: 'not_found' });
    return toDiscrepancyView(record, this.parts.catalog);
  }

  @Patch(':id')
  @Requires('payments:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(changeDiscrepancySchema)) body: ChangeDiscrepancy,
  ): Promise<Discrepancy> {
    const wanted = {
      ...(body.note === undefined ? {} : { note: body.note }),
      ...(body.assigneeId === undefined ? {} : { assigneeId: body.assigneeId }),
    };
    const { hand, catalog } = this.parts;
    const changed = await changeDiscrepancyByHand(hand, caller.bookId, discrepancyIdOf(id), wanted, caller);
    if (changed.kind === 'refused') throw problemOf(changed);
    return toDiscrepancyView(changed.discrepancy, catalog);
  }

  @Post('close')
  @HttpCode(200)
  @Requires('payments:write')
  async closeMany(
    @CurrentCaller() caller: Caller,
    @Body(new SchemaPipe(closeDiscrepanciesSchema)) { ids, ...closing }: CloseDiscrepancies,
  ) {
    const uuids = ids.map(discrepancyIdOf);
    const outcomes = await closeDiscrepanciesByHand(this.parts.hand, caller.bookId, uuids, closing, caller);
    const data = outcomes.map((outcome, index) => {
      const id = ids[index] ?? '';
      if (outcome.kind === 'closed') return { id, status: 'closed' as const, code: null, detail: null };
      const { code, detail } = problemOf(outcome);
      return { id, status: 'refused' as const, code, detail };
    });
    const closed = data.filter(({ status }) => status === 'closed').length;
    return { data, closed, refused: data.length - closed };
  }

  @Post(':id/link')
  @HttpCode(200)
  @Requires('payments:write')
  async link(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(linkDiscrepancySchema)) body: LinkDiscrepancy,
  ): Promise<DiscrepancyLink> {
    const intentId = decodeId('intent', body.paymentId);
    if (intentId === null) throw paymentUnknown();
    const link = { intentId, reason: body.reason };
    const ordered = await orderLinkByHand(this.parts.hand, caller.bookId, discrepancyIdOf(id), link, caller);
    if (ordered.kind === 'refused') throw problemOf(ordered);
    const { isDone, refusal, intentId: linkedTo } = await this.whenDone(caller.bookId, ordered.order);
    const status = refusal !== null ? 'refused' : isDone ? 'done' : 'pending';
    return { id, status, paymentId: encodeId('intent', linkedTo), refusal };
  }

  @Post(':id/close')
  @HttpCode(200)
  @Requires('payments:write')
  async close(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(closeDiscrepancySchema)) body: CloseDiscrepancy,
  ): Promise<ClosedDiscrepancy> {
    const discrepancyId = discrepancyIdOf(id);
    const closed = await closeDiscrepancyByHand(this.parts.hand, caller.bookId, discrepancyId, body, caller);
    if (closed.kind === 'refused') throw problemOf(closed);
    return { id, status: 'closed', resolution: body.resolution, note: body.note };
  }

  /** The worker looks every two seconds; a decision that takes longer is told as pending. */
  private async whenDone(bookId: number, order: LinkOrder): Promise<LinkOrder> {
    const untilMs = performance.now() + carryOutMs;
    let latest = order;
    while (!latest.isDone && performance.now() < untilMs) {
      await delay(lookAgainMs);
      latest = (await this.parts.hand.linkOrder(bookId, order.handLinkId)) ?? latest;
    }
    return latest;
  }
}

/** `me` and `none` are no ids of people. */
function assigneeOf(asked: string | undefined, { actor }: Caller): { readonly userId: string | null } | null {
  if (asked === undefined) return null;
  if (asked === 'none') return { userId: null };
  return { userId: asked === 'me' ? actor.id : asked };
}

function discrepancyIdOf(id: string): string {
  const discrepancyId = decodeId('discrepancy', id);
  if (discrepancyId === null) throw new ProblemError('not_found', 'No discrepancy has this id.');
  return discrepancyId;
}

function paymentUnknown(): ProblemError {
  return new ProblemError('parameter_invalid', 'The field "paymentId" names no payment of this book.', {
    parameter: 'paymentId',
  });
}

/** Said of a rule's own words. */
const unlinkable: Readonly<Record<string, string>> = {
  transfer_not_final: 'The transfer is not final yet, so a reorg could still take it back. Try again later.',
  transfer_matched: 'This money belongs to a payment already.',
  asset_mismatch: 'The money is of another token than the payment asked for.',
  wallet_mismatch: 'The money came to another wallet than the payment asked for.',
  payment_in_progress: 'The payment is still being carried out; its own money may come.',
};

function problemOf({ reason, detail }: HandRefused): ProblemError {
  switch (reason) {
    case 'not_found':
      return new ProblemError('not_found', 'No discrepancy has this id.');
    case 'not_open':
      return new ProblemError('discrepancy_not_open', 'It was closed before.');
    case 'not_closable':
      return new ProblemError('discrepancy_not_closable', 'Only the chain can end this one.');
    case 'resolution_unfit':
      return new ProblemError('parameter_invalid', 'The field "resolution" does not fit this kind of discrepancy.', {
        parameter: 'resolution',
      });
    case 'assignee_unknown':
      return new ProblemError('parameter_invalid', 'The field "assigneeId" names nobody who belongs to the merchant.', {
        parameter: 'assigneeId',
      });
    case 'payment_unknown':
      return paymentUnknown();
    case 'not_linkable':
      return new ProblemError('discrepancy_not_linkable', unlinkable[detail ?? ''] ?? 'It does not fit.', {
        reason: detail,
      });
  }
}
