import type { Accounts, MemberStore, Membership } from '@tollbook/usecases';
import type { FastifyRequest } from 'fastify';
import type { ClientAddressOf } from '../client-address/client-address.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import type { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';
import { originVerdict } from './own-origin.js';
import { permissionsOfRole } from './permissions-of-role.js';

type Parts = {
  readonly clientAddressOf: ClientAddressOf;
  readonly accounts: Pick<Accounts, 'session'>;
  readonly members: Pick<MemberStore, 'booksOf'>;
  readonly config: Pick<ApiParts['config'], 'publicUrl'>;
};

const safeMethods = ['GET', 'HEAD'];

/**
 * The cookie of somebody who signed in. Which of their books is meant stands in `Tollbook-Book`, or in the query
 * parameter `book` where a browser cannot send headers; else it is their first. Whatever changes something must come
 * from a page of ours, because a browser sends the cookie along from anywhere.
 */
export class SessionAuthenticator implements Authenticator {
  constructor(private readonly parts: Parts) {}

  async authenticate(request: FastifyRequest): Promise<Caller | null> {
    const { cookie } = request.headers;
    if (cookie === undefined || request.headers.authorization !== undefined) return null;
    const person = await this.parts.accounts.session(cookie);
    if (!person) return null;
    refuseForeignOrigin(request, this.parts.config.publicUrl);
    const { role, book } = bookOf(request, await this.parts.members.booksOf(person.userId));
    return {
      bookId: book.bookId,
      merchantId: book.merchantId,
      mode: book.mode,
      gateSlug: book.gateSlug,
      timeZone: book.timeZone,
      permissions: permissionsOfRole(role),
      actor: { kind: 'user', id: person.userId, name: person.email },
      requestId: request.id,
      address: this.parts.clientAddressOf(request.raw),
    };
  }
}

/** Throws `csrf_refused` for an unsafe request that no page of ours sent, though it carries a session. */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string): void {
  if (safeMethods.includes(request.method) || originVerdict(request.headers, publicUrl) === 'own') return;
  throw new ProblemError('csrf_refused', 'With a session, send this from a page of this instance: Origin is not ours.');
}

function bookOf(request: FastifyRequest, memberships: readonly Membership[]): Membership {
  const slug = namedBook(request);
  const found = slug === undefined ? memberships[0] : memberships.find(({ book }) => book.gateSlug === slug);
  if (found) return found;
  if (memberships.length === 0) {
    throw new ProblemError('permission_missing', 'You belong to no merchant of this instance yet.');
  }
  // The same words for a book of somebody else as for none at all.
  throw new ProblemError('not_found', 'You have no book of this name.', { parameter: 'Tollbook-Book' });
}

/**
 * Takes the parameter out of the query, where no route expects it. It becomes the header, so that a stream that asks
 * again later whether it may go on names the same book.
 */
function namedBook(request: FastifyRequest): string | undefined {
  const { query, headers } = request;
  if (typeof query === 'object' && query !== null && 'book' in query) {
    headers['tollbook-book'] ??= String(query.book);
    delete query.book;
  }
  const header = headers['tollbook-book'];
  return header === undefined ? undefined : String(header);
}
