import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { constantTimeEqual, hashApiKey, parseApiKey } from '@tollbook/vault';
import type { FastifyRequest } from 'fastify';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { apiParts } from '../tokens.js';

const bookOfRequest = new WeakMap<FastifyRequest['raw'], number>();

/** Lets a request in by its API key and binds it to the key's book: nothing outside that book is ever read for it. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    const [, text] = /^Bearer ([!-~]{1,200})$/.exec(authorization ?? '') ?? [];
    if (text === undefined) {
      throw new ProblemError('authentication_required', 'Send your API key as "Authorization: Bearer tbk_…".');
    }
    // The checksum refuses typing mistakes before the database is asked.
    const parsed = parseApiKey(text);
    const key = parsed ? await this.parts.setup.findApiKey(parsed.lookup) : null;
    const isRight = parsed && key && constantTimeEqual(hashApiKey(this.parts.apiKeyPepper, parsed.secret), key.keyHash);
    if (!isRight || !key.isUsable) throw new ProblemError('api_key_invalid', 'No usable API key reads like this one.');
    bookOfRequest.set(request.raw, key.bookId);
    return true;
  }
}

/** The book that the request's API key opens. */
export const CurrentBook = createParamDecorator((_data: unknown, context: ExecutionContext): number => {
  const bookId = bookOfRequest.get(context.switchToHttp().getRequest<FastifyRequest>().raw);
  if (bookId === undefined) throw new Error('a controller that reads a book is guarded by ApiKeyGuard');
  return bookId;
});
