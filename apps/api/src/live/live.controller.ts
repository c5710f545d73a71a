import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, type OnModuleDestroy, type OnModuleInit, Query, Req, Res } from '@nestjs/common';
import { type LiveQuery, liveQuerySchema } from '@tollbook/contract';
import { StoreUnavailable } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../accounts/authenticator.js';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts, authenticators } from '../tokens.js';
import type { LiveSink } from './live-hub.js';

const beatMs = 15_000;
/** A session that ended, or a key that was revoked, is cut off within this time. */
const recheckBeats = 4;
/** Of one person or key, in this process. Browsers keep six connections to a host, and share one stream. */
const streamsMaxPerActor = 10;
const streamsMax = 2_000;

type Open = { readonly request: FastifyRequest; readonly caller: Caller; readonly end: () => void };

/** What happens in a book, while it happens, as server-sent events. */
@Controller('v1')
export class LiveController implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Set<Open>();
  private timer: NodeJS.Timeout | undefined;
  private beats = 0;

  constructor(
    @Inject(apiParts) private readonly parts: ApiParts,
    @Inject(authenticators) private readonly ways: readonly Authenticator[],
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.beat(), beatMs);
  }

  /** Streams never end by themselves, so the server would wait for them. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const { end } of this.open) end();
    this.parts.live.closeAll();
  }

  @Get('live')
  @Requires('events:read')
  async stream(
    @CurrentCaller() caller: Caller,
    @Query(new SchemaPipe(liveQuerySchema)) query: LiveQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.refuseTooMany(caller, reply);
    const { raw } = reply;
    const sink = new ResponseSink(raw);
    let close: () => void = () => undefined;
    const opened: Open = {
      request,
      caller,
      end: () => {
        this.open.delete(opened);
        close();
        sink.end();
      },
    };
    // Before the first wait, so that streams asked for at once are counted.
    this.open.add(opened);
    raw.once('close', opened.end);
    try {
      close = await this.parts.live.open(caller.bookId, afterOf(request, query), sink);
    } catch (error) {
      this.open.delete(opened);
      raw.off('close', opened.end);
      throw error;
    }
    if (raw.destroyed) {
      opened.end();
      return;
    }
    reply.hijack();
    raw.writeHead(200, streamHeaders);
    sink.begin();
  }

  private refuseTooMany({ actor }: Caller, reply: FastifyReply): void {
    const own = [...this.open].filter(({ caller }) => caller.actor.id === actor.id).length;
    if (own < streamsMaxPerActor && this.open.size < streamsMax) return;
    void reply.header('retry-after', `${beatMs / 1000}`);
    throw new ProblemError('rate_limited', `There may be ${streamsMaxPerActor} streams open at a time; close one.`);
  }

  private beat(): void {
    this.parts.live.beat();
    this.beats += 1;
    if (this.beats % recheckBeats !== 0) return;
    for (const opened of this.open) void this.recheck(opened);
  }

  /** Ends the stream of somebody who would not be let in any more; one that nobody can judge now stays. */
  private async recheck({ request, caller, end }: Open): Promise<void> {
    try {
      for (const way of this.ways) {
        const now = await way.authenticate(request);
        if (now === null) continue;
        if (now.bookId === caller.bookId && now.permissions.includes('events:read')) return;
        break;
      }
      end();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) end();
    }
  }
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Asks a proxy not to collect what is to arrive at once.
  'x-accel-buffering': 'no',
};

/** What a browser sends by itself and is no position at all is one that nobody knows. */
function afterOf(request: FastifyRequest, query: LiveQuery): number | null {
  const text = request.headers['last-event-id'] ?? query.after;
  if (text === undefined || text === '') return null;
  return /^(0|[1-9][0-9]{0,14})$/.test(String(text)) ? Number(text) : Number.MAX_SAFE_INTEGER;
}

/** Holds what is told before the head of the answer is sent. */
class ResponseSink implements LiveSink {
  private early: string[] | null = [];
  private isEnded = false;

  constructor(private readonly raw: ServerResponse) {}

  begin(): void {
    const early = this.early ?? [];
    this.early = null;
    for (const text of early) this.write(text);
    if (this.isEnded) this.raw.end();
  }

  write(text: string): void {
    if (this.early) this.early.push(text);
    else if (!this.raw.destroyed) this.raw.write(text);
  }

  waitingBytes(): number {
    return this.raw.writableLength;
  }

  end(): void {
    this.isEnded = true;
    if (this.early || this.raw.destroyed) return;
    // What waits for a reader that does not read would keep the connection.
    if (this.raw.writableNeedDrain) this.raw.destroy();
    else this.raw.end();
  }
}
