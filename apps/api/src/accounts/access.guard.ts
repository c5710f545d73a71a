import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem.js';
import { authenticators } from '../tokens.js';
import type { Authenticator } from './authenticator.js';
import { type Caller, setCaller } from './caller.js';
import { accessOf } from './requires.decorator.js';

/** Stands before every route: who asks, and whether they may. A route that does not say what it asks is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(authenticators) private readonly ways: readonly Authenticator[]) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(context.getHandler(), context.getClass());
    if (access === undefined) throw new Error(`${context.getClass().name} does not say who may call it`);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.identify(request);
    if (!caller.permissions.includes(access)) {
      throw new ProblemError('permission_missing', `This needs the permission "${access}".`, { permission: access });
    }
    setCaller(request, caller);
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Caller> {
    for (const way of this.ways) {
      const caller = await way.authenticate(request);
      if (caller) return caller;
    }
    throw new ProblemError('authentication_required', 'Send your API key as "Authorization: Bearer tbk_…".');
  }
}
