import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const triesMax = 3;

/**
 * Installs what the lock in `folder` (a URL that ends in a slash) names, unless that is what stands there: packages of
 * other people, which no part of the product may import. Only the registry gets a second try.
 */
export function installApart(folder) {
  const stamp = new URL('node_modules/.installed', folder);
  const lock = readFileSync(new URL('package-lock.json', folder));
  const manifest = readFileSync(new URL('package.json', folder));
  const wanted = createHash('sha256').update(lock).update(manifest).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  for (let tries = 1; ; tries += 1) {
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status === 0) break;
    if (tries === triesMax) throw new Error(`what ${folder.pathname} names could not be installed`);
  }
  writeFileSync(stamp, wanted);
}
