import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The one kind of body that is taken: JSON in UTF-8, and said to be. Any other type is refused with 415, so that no
 * form of a stranger's page is ever read; bytes that are no UTF-8 with 400, so that no text changes on its way in.
 */
export function takeJsonOnly(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(request.headers['content-type'] ?? '')) {
      done(new ProblemError('content_type_unsupported', 'Send JSON in UTF-8.'));
      return;
    }
    const text = textOf(body);
    if (text === null) done(new ProblemError('request_invalid', 'The body is not text in UTF-8.'));
    else void parse(request, text, done);
  });
}

/** Whether a content type names no other charset. */
function isUtf8(contentType: string): boolean {
  const named = [...contentType.matchAll(/;\s*charset\s*=\s*"?([^";]*)"?/gi)].map(([, charset = '']) => charset.trim());
  return named.every((charset) => charset.toLowerCase() === 'utf-8');
}

function textOf(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}
