import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { problemOf } from '@tollbook/contract';
import { ChainStateMissing, ChainUnavailable, StoreUnavailable } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** Writes every refusal as `application/problem+json`; nothing of an unexpected error but its existence gets out. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly report: (error: unknown) => void,
    /** The methods that a path answers to; none where there is nothing. */
    private readonly methodsAt: (path: string) => readonly string[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const allowed = isUnrouted(error) ? this.methodsAt(pathOf(request)) : [];
    if (allowed.length > 0) void reply.header('allow', allowed.join(', '));
    const problem = allowed.length > 0 ? wrongMethod(request) : this.bodyOf(error, request);
    const body = { ...problem, requestId: request.id };
    void reply
      .status(body.status)
      .header('content-type', 'application/problem+json')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(body));
  }

  private bodyOf(error: unknown, request: FastifyRequest) {
    if (error instanceof ProblemError) return error.body();
    if (error instanceof StoreUnavailable)
      return problemOf('store_unavailable', 'Try again soon; nothing was changed.');
    if (error instanceof ChainStateMissing)
      return problemOf('chain_state_missing', 'Every node that answers has forgotten it: set up an archive node.');
    if (error instanceof ChainUnavailable) return problemOf('chain_unavailable', 'The network did not answer in time.');
    const status = statusOf(error);
    if (status === 404) return problemOf('not_found', `There is nothing at ${request.method} ${pathOf(request)}.`);
    if (status === 413) return problemOf('request_too_large', 'The body may have up to 100 kB.');
    if (status === 415) return problemOf('content_type_unsupported', 'Send JSON in UTF-8, as application/json.');
    if (status !== null && status >= 400 && status < 500)
      return problemOf('request_invalid', 'The request cannot be read.');
    this.report(error);
    return problemOf('internal', 'The request could not be handled; the operator was told.');
  }
}

/** Refusals of ours are no such errors: this one is the framework's, which found no route. */
function isUnrouted(error: unknown): boolean {
  return error instanceof HttpException && error.getStatus() === 404;
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? '';
}

function wrongMethod(request: FastifyRequest) {
  return problemOf('method_not_allowed', `${pathOf(request)} does not answer to ${request.method}.`);
}

/** The status of a Nest or Fastify error, or null for anything else. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return null;
}
