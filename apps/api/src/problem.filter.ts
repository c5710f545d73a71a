import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { problemOf } from '@tollbook/contract';
import { ChainUnavailable, StoreUnavailable } from '@tollbook/usecases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** Writes every refusal as `application/problem+json`; nothing of an unexpected error but its existence gets out. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly report: (error: unknown) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const body = { ...this.bodyOf(error, request), requestId: request.id };
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
    if (error instanceof ChainUnavailable) return problemOf('chain_unavailable', 'The network did not answer in time.');
    const status = statusOf(error);
    if (status === 404)
      return problemOf('not_found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`);
    if (status === 413) return problemOf('request_too_large', 'The body may have up to 100 kB.');
    if (status === 415) return problemOf('content_type_unsupported', 'Send JSON.');
    if (status !== null && status >= 400 && status < 500)
      return problemOf('request_invalid', 'The request cannot be read.');
    this.report(error);
    return problemOf('internal', 'The request could not be handled; the operator was told.');
  }
}

/** The status of a Nest or Fastify error, or null for anything else. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return null;
}
