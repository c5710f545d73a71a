import { problemOf } from '@tollbook/contract';
import { inboxPath } from '@tollbook/usecases';
import type { FastifyPluginCallback } from 'fastify';
import type { Inbox } from './inbox.js';
import { inboxPage, inboxScript } from './inbox-page.js';

/**
 * The sandbox's inbox. Signatures are over bytes, so it takes them before anything parses them. With the sandbox off it
 * is not there.
 */
export function inboxRoute(inbox: Inbox | null): FastifyPluginCallback {
  return (scope, _options, done) => {
    if (inbox === null) return done();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post(inboxPath, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const check = await inbox.receive({ headers: request.headers, body });
      if (check.kind === 'verified') return reply.status(204).send();
      const problem = problemOf('request_invalid', `No webhook of ours: ${check.reason.replace('_', ' ')}.`);
      return reply.status(400).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
    });
    scope.get(inboxPath, async (request, reply) => {
      const items = inbox.list();
      if ((request.headers.accept ?? '').includes('text/html')) {
        return reply.header('content-type', 'text/html; charset=utf-8').send(inboxPage(items, scriptPath));
      }
      return reply.send({ data: items, nextCursor: null });
    });
    scope.get(scriptPath, async (_request, reply) =>
      reply
        .header('content-type', 'text/javascript; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(inboxScript),
    );
    done();
  };
}

const scriptPath = `${inboxPath}.js`;
