/**
 * Builds the dashboard into apps/dashboard/dist when something it is made of is newer than the last build. A start
 * with nothing changed costs one walk over the sources.
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const dashboard = join(root, 'apps/dashboard');
const stamp = join(dashboard, 'dist/.built');
const sources = [
  'apps/dashboard/src',
  'apps/dashboard/public',
  'apps/dashboard/index.html',
  'apps/dashboard/vite.config.ts',
  'libs/contract/src',
  'package-lock.json',
].map((path) => join(root, path));

function newestMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The folder's own time tells of files that went away.
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), stats.mtimeMs);
}

function builtAtMs() {
  try {
    return statSync(stamp).mtimeMs;
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

const startedAtMs = Date.now();
if (builtAtMs() < Math.max(...sources.map(newestMs))) {
  rmSync(stamp, { force: true });
  const { build } = await import('vite');
  await build({ root: dashboard, logLevel: 'warn' });
  writeFileSync(stamp, '');
  console.log(`Built the dashboard in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`);
}
