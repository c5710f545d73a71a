import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { canonicalJson, type JsonValue } from '@tollbook/domain';
import type { IdempotencyName } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { findCaller } from '../accounts/caller.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { apiParts } from '../tokens.js';
import { idsOf, setRequestIds } from './request-ids.js';

type Parts = Pick<ApiParts, 'idempotency' | 'sealer' | 'report'>;

/**
 * `Idempotency-Key` on every POST that has a caller: the request runs once, and whoever repeats it with the same key
 * and body gets the first answer, which is kept sealed. A refused request changed nothing and gives its key back.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(@Inject(apiParts) private readonly parts: Parts) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const caller = findCaller(request);
    const key = keyOf(request);
    if (key === null || !caller) return next.handle();
    const name = { bookId: caller.bookId, route: `POST ${request.url.split('?')[0]}`, key };
    const state = await this.parts.idempotency.begin(name, fingerprintOf(request));
    const reply = http.getResponse<FastifyReply>();
    switch (state.kind) {
      case 'reused':
        throw new ProblemError('idempotency_key_reused', 'This key came with another body before.', { parameter });
      case 'running':
        void reply.header('retry-after', '1');
        throw new ProblemError('idempotency_in_progress', 'The first request with this key is still running.');
      case 'done':
        void reply.status(state.httpStatus).header('idempotency-replayed', 'true');
        return of(this.opened(name, state.responseSealed));
      case 'begun':
        setRequestIds(request, idsOf(name, state.createdAtMs));
        return next.handle().pipe(
          mergeMap((body) => from(this.keep(name, caller.merchantId, reply.statusCode, body))),
          catchError((error: unknown) => from(this.giveUp(name, error))),
        );
    }
  }

  private opened(name: IdempotencyName, sealed: Uint8Array): unknown {
    return JSON.parse(new TextDecoder().decode(this.parts.sealer.open(sealed, placeOf(name))));
  }

  /** Keeps an answer. Where that fails the request is answered all the same: a repetition meets what it made. */
  private async keep(name: IdempotencyName, merchantId: string, httpStatus: number, body: unknown): Promise<unknown> {
    const bytes = new TextEncoder().encode(JSON.stringify(body ?? null));
    const responseSealed = this.parts.sealer.seal(merchantId, bytes, placeOf(name));
    await this.parts.idempotency.finish(name, { httpStatus, responseSealed }).catch(this.parts.report);
    return body;
  }

  private async giveUp(name: IdempotencyName, error: unknown): Promise<never> {
    const end = isRefusal(error) ? this.parts.idempotency.release(name) : this.parts.idempotency.lapse(name);
    await end.catch(this.parts.report);
    throw error;
  }
}

const parameter = 'Idempotency-Key';

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined) return null;
  if (typeof key === 'string' && /^[!-~]{1,255}$/.test(key)) return key;
  throw new ProblemError('parameter_invalid', 'An Idempotency-Key has 1 to 255 printable characters.', { parameter });
}

/** Of everything that decides what the request does, so that another one is told from the same, however it is spelled. */
function fingerprintOf(request: FastifyRequest): Uint8Array {
  const query = request.url.split('?')[1] ?? '';
  return createHash('sha256')
    .update(canonicalJson([query, bodyOf(request)]))
    .digest();
}

/** The parser made it, so it is what JSON can say. */
function bodyOf({ body }: FastifyRequest): JsonValue {
  return (body as JsonValue | undefined) ?? null;
}

function placeOf({ bookId, route, key }: IdempotencyName): string {
  return `idempotency_keys.response/${bookId}/${route}/${key}`;
}

/** Whether an error says that nothing was done. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ProblemError) return error.body().status < 500;
  return error instanceof HttpException && error.getStatus() < 500;
}
