import { permissionsOf } from '@tollbook/contract';
import { encodeId } from '@tollbook/domain';
import { constantTimeEqual, hashApiKey, parseApiKey } from '@tollbook/vault';
import type { FastifyRequest } from 'fastify';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import type { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';

type Parts = Pick<ApiParts, 'setup' | 'apiKeyPepper' | 'snapshot' | 'keyUses' | 'clientAddressOf'>;

/**
 * `Authorization: Bearer tbk_…`: the key names its book, and nothing outside that book is ever read for it. The scheme
 * may be written in any case (RFC 9110 §11.1).
 */
export class ApiKeyAuthenticator implements Authenticator {
  constructor(private readonly parts: Parts) {}

  async authenticate(request: FastifyRequest): Promise<Caller | null> {
    const { authorization } = request.headers;
    if (authorization === undefined) return null;
    const [, text] = /^Bearer +([!-~]{1,200})$/i.exec(authorization) ?? [];
    if (text === undefined) return null;
    // The checksum refuses typing mistakes before the database is asked.
    const parsed = parseApiKey(text);
    const key = parsed ? await this.parts.setup.findApiKey(parsed.lookup) : null;
    const isRight = parsed && key && constantTimeEqual(hashApiKey(this.parts.apiKeyPepper, parsed.secret), key.keyHash);
    if (!isRight || !key.isUsable) throw new ProblemError('api_key_invalid', 'No usable API key reads like this one.');
    const book = this.parts.snapshot.books().find((each) => each.book.bookId === key.bookId)?.book;
    if (!book) throw new ProblemError('store_unavailable', 'The book is not known here yet; try again.');
    const address = this.parts.clientAddressOf(request.raw);
    this.parts.keyUses.note({ bookId: book.bookId, apiKeyId: key.apiKeyId, address });
    return {
      bookId: book.bookId,
      merchantId: book.merchantId,
      mode: book.mode,
      gateSlug: book.gateSlug,
      timeZone: book.timeZone,
      permissions: permissionsOf(key.scopes),
      actor: { kind: 'api_key', id: encodeId('apiKey', key.apiKeyId), name: key.name },
      requestId: request.id,
      address,
    };
  }
}
