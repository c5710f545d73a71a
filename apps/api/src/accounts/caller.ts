import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Permission } from '@tollbook/contract';
import type { AuditContext, BookRecord } from '@tollbook/usecases';
import type { FastifyRequest } from 'fastify';

/** Who asks, of which book, and what they may do. Its audit context goes into the row of everything it changes. */
export type Caller = AuditContext & {
  readonly bookId: number;
  readonly merchantId: string;
  readonly mode: BookRecord['mode'];
  readonly gateSlug: string;
  readonly timeZone: string;
  readonly permissions: readonly Permission[];
};

const callers = new WeakMap<FastifyRequest['raw'], Caller>();

/** Remembers who a request comes from; the access guard alone says so. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request.raw, caller);
}

/** Who a request comes from; undefined on a public route, where nobody was asked. */
export function findCaller(request: FastifyRequest): Caller | undefined {
  return callers.get(request.raw);
}

/** Who a request comes from; throws on a public route, where nobody was asked. */
function callerOf(request: FastifyRequest): Caller {
  const caller = findCaller(request);
  if (!caller) throw new Error('a public route has no caller');
  return caller;
}

/** The `Caller` of the request, as a controller's parameter. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
