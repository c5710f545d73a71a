import { Body, Controller, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  type ChangePassword,
  changePasswordSchema,
  type Me,
  permissions,
  type SignIn,
  signInSchema,
} from '@tollbook/contract';
import { type CookieChange, type Membership, type Person, signIn } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressGroup } from '../client-address/address-group.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { originVerdict } from './own-origin.js';
import { permissionsOfRole } from './permissions-of-role.js';
import { PublicRoute } from './requires.decorator.js';
import { refuseForeignOrigin } from './session-authenticator.js';

/** Signing in and out, and who is signed in. Nothing here belongs to a book, so the routes look at the cookie. */
@Controller()
export class SessionController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Post('auth/sign-in/email')
  @HttpCode(200)
  @PublicRoute()
  async signIn(
    @Body(new SchemaPipe(signInSchema)) body: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    // A stranger's page must not sign a visitor in as somebody else; programs have no visitor.
    if (originVerdict(request.headers, this.parts.config.publicUrl) === 'foreign') {
      throw new ProblemError('csrf_refused', 'Sign in from a page of this instance: Origin is not ours.');
    }
    const userAgent = request.headers['user-agent']?.slice(0, userAgentCharactersMax) ?? null;
    const address = addressGroup(this.parts.clientAddressOf(request.raw));
    const outcome = await signIn(this.parts.signIn, body, { address, userAgent });
    if (outcome.kind === 'signed_in') {
      setCookies(reply, outcome.setCookies);
      return { user: toApiPerson(outcome.person) };
    }
    if (outcome.reason === 'credentials_invalid') {
      throw new ProblemError('credentials_invalid', 'Nobody signs in with this e-mail and password.');
    }
    const seconds = Math.max(1, Math.ceil(outcome.retryAfterMs / 1000));
    void reply.header('retry-after', `${seconds}`);
    throw new ProblemError('rate_limited', `Too many wrong tries. Try again in ${seconds} s.`, {
      retryAfterSeconds: seconds,
    });
  }

  @Post('auth/sign-out')
  @HttpCode(200)
  @PublicRoute()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    refuseForeignOrigin(request, this.parts.config.publicUrl);
    setCookies(reply, await this.parts.accounts.signOut(request.headers.cookie ?? ''));
    return {};
  }

  @Post('auth/change-password')
  @HttpCode(200)
  @PublicRoute()
  async changePassword(
    @Body(new SchemaPipe(changePasswordSchema)) body: ChangePassword,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const cookie = request.headers.cookie ?? '';
    const person = await this.parts.accounts.session(cookie);
    if (!person) throw notSignedIn();
    refuseForeignOrigin(request, this.parts.config.publicUrl);
    const changed = await this.parts.accounts.changePassword(cookie, body);
    if (!changed) {
      const parameter = 'currentPassword';
      throw new ProblemError('parameter_invalid', `The field "${parameter}" is not your password.`, { parameter });
    }
    setCookies(reply, changed);
    return { user: toApiPerson(person) };
  }

  /** Also prolongs the session: a dashboard that is used asks this whenever it is opened. */
  @Get('v1/me')
  @Header('cache-control', 'no-store')
  @PublicRoute()
  async me(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Me> {
    const session = await this.parts.accounts.refreshSession(request.headers.cookie ?? '');
    if (!session) throw notSignedIn();
    setCookies(reply, session.setCookies);
    const memberships = await this.parts.members.booksOf(session.person.userId);
    const roles = new Set(memberships.map(({ role }) => role));
    const held = new Set([...roles].flatMap((role) => permissionsOfRole(role)));
    return {
      user: toApiPerson(session.person),
      merchants: merchantsOf(memberships),
      books: memberships.map(({ merchantSlug, merchantName, book }) => ({
        slug: book.gateSlug,
        mode: book.mode,
        name: merchantName,
        merchantSlug,
        timeZone: book.timeZone,
      })),
      permissions: permissions.filter((permission) => held.has(permission)),
    };
  }
}

const userAgentCharactersMax = 300;

function merchantsOf(memberships: readonly Membership[]): Me['merchants'] {
  const bySlug = new Map(memberships.map((each) => [each.merchantSlug, each]));
  return [...bySlug.values()].map(({ merchantSlug, merchantName, role }) => ({
    slug: merchantSlug,
    name: merchantName,
    role,
  }));
}

function toApiPerson({ userId, email, name }: Person) {
  return { id: userId, email, name };
}

function setCookies(reply: FastifyReply, changes: CookieChange): void {
  if (changes.length > 0) void reply.header('set-cookie', [...changes]);
}

function notSignedIn(): ProblemError {
  return new ProblemError('authentication_required', 'Sign in first.');
}
