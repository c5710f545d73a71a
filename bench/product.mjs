// The product as `npm start` runs it, on a port and a data folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOf } from './cpu-time.mjs';
import { onEnd } from './on-end.mjs';

const cli = 'apps/cli/bin/tollbook.js';

export async function startProduct(variables = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-bench-'));
  // PostgreSQL runs under another account where this one is root.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const env = {
    ...process.env,
    ...{ TOLLBOOK_DATA_DIR: dataDir, PORT: String(port), DATABASE_URL: '', REDIS_URL: '', TOLLBOOK_LOG_LEVEL: 'warn' },
    ...variables,
  };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = onEnd(async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  });
  try {
    await readyLine(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    startSeconds: (performance.now() - startedAt) / 1000,
    /** The process that answers, where the system tells. */
    api: { pid: childOf(child.pid, 'apps/api/') },
    /** A key of the merchant's. */
    createKey: () =>
      execFileSync(process.execPath, [cli, 'key', 'create', '--name', 'bench'], { env, encoding: 'utf8' }).trim(),
    stop,
  };
}

function readyLine(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`Tollbook ended with ${code} before it was ready`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Tollbook is ready at')) resolve();
    });
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
