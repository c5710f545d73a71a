import { fileURLToPath } from 'node:url';
import type { FastifyPluginCallback } from 'fastify';
import { revalidated, sendStaticFile } from '../static/send-static-file.js';
import { StaticFiles } from '../static/static-files.js';

/** In this app, as seen from `src` and from `dist` alike. */
const folder = fileURLToPath(new URL('../../assets/pay', import.meta.url));

/** Serves the pay page's style and script. */
export const payAssetsRoute: FastifyPluginCallback = (scope, _options, done) => {
  const files = new StaticFiles(folder);
  scope.get<{ Params: { file: string } }>('/assets-pay/:file', async (request, reply) => {
    const file = await files.find(`/${request.params.file}`);
    return file ? sendStaticFile(request, reply, file, revalidated) : reply.callNotFound();
  });
  done();
};
