import { fileURLToPath } from 'node:url';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { immutable, revalidated, sendStaticFile } from '../static/send-static-file.js';
import { StaticFiles } from '../static/static-files.js';

/** Beside this app, as seen from `src` and from `dist` alike. */
const builtFolder = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));

/** Paths that the dashboard's own router knows; each is answered by its one page. */
const pagePaths = ['/', '/sign-in', '/test', '/test/*', '/live', '/live/*'];

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Tollbook</title></head>
<body><h1>The dashboard is not built</h1>
<p>Run <code>npm run build</code> in the checkout and load this page again. The gate and the merchant API work without it.</p>
</body></html>
`;

/** Serves the built dashboard: its page at every path of its own, its files by name. */
export function dashboardRoute(folder: string = builtFolder): FastifyPluginCallback {
  const files = new StaticFiles(folder);
  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const page = await files.index();
    if (page) return sendStaticFile(request, reply, page, revalidated);
    return reply.status(503).header('content-type', 'text/html; charset=utf-8').send(notBuilt);
  };
  const sendFile = (cacheControl: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?');
    const file = await files.find(path);
    return file ? sendStaticFile(request, reply, file, cacheControl) : reply.callNotFound();
  };
  return (scope, _options, done) => {
    for (const path of pagePaths) scope.get(path, sendPage);
    scope.get('/assets/*', sendFile(immutable));
    scope.get('/:file', sendFile(revalidated));
    done();
  };
}
