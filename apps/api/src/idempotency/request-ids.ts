import { createHash, randomBytes } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { uuidV7 } from '@tollbook/domain';
import type { IdempotencyName } from '@tollbook/usecases';
import type { FastifyRequest } from 'fastify';

/** Makes the ids of what a request creates, one a name: `ids('endpoint')`. */
export type RequestIds = (name: string) => string;

const named = new WeakMap<FastifyRequest['raw'], RequestIds>();

/**
 * Ids that follow from an idempotency key and the moment it was taken first: a run that died after its commit is
 * repeated with the same ones, meets its own rows and returns what is there.
 */
export function idsOf({ bookId, route, key }: IdempotencyName, createdAtMs: number): RequestIds {
  return (name) => {
    const text = JSON.stringify(['tollbook/idempotent-id/1', bookId, route, key, createdAtMs, name]);
    return uuidV7(createdAtMs, createHash('sha256').update(text).digest());
  };
}

/** The moment that stands in an id, in unix milliseconds. */
export function timeOfId(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}

/** Binds ids to a request; the idempotency interceptor alone does. */
export function setRequestIds(request: FastifyRequest, ids: RequestIds): void {
  named.set(request.raw, ids);
}

/** The ids of what this request creates, as a controller's parameter; fresh ones where it came without a key. */
export const NewIds = createParamDecorator((_data: unknown, context: ExecutionContext): RequestIds => {
  const { raw } = context.switchToHttp().getRequest<FastifyRequest>();
  return named.get(raw) ?? (() => uuidV7(Date.now(), randomBytes(10)));
});
