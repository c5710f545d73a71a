import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const here = new URL('./', import.meta.url);
const stamp = new URL('node_modules/.installed', here);
const triesMax = 3;

/** Installs what the lock names, unless that is what stands there; only the registry gets a second try. */
export function installClients() {
  const lock = readFileSync(new URL('package-lock.json', here));
  const manifest = readFileSync(new URL('package.json', here));
  const wanted = createHash('sha256').update(lock).update(manifest).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  for (let tries = 1; ; tries += 1) {
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: here,
      stdio: 'inherit',
    });
    if (status === 0) break;
    if (tries === triesMax) throw new Error('the clients could not be installed');
  }
  writeFileSync(stamp, wanted);
}
