import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/**
 * One way of telling who asks. Resolves to null when the request does not even try this way; throws a `ProblemError`
 * when it tries and fails, so that a wrong key is never taken for a missing one.
 */
export interface Authenticator {
  authenticate(request: FastifyRequest): Promise<Caller | null>;
}
