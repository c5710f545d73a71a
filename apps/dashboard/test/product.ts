import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

const cli = new URL('../../cli/bin/tollbook.js', import.meta.url).pathname;
const startMsMax = 60_000;

export const ownerEmail = 'owner@example.com';
export const ownerPassword = 'a long enough password';

/** The whole product as `npm start` runs it, on a folder and a port of its own. */
export type Product = Awaited<ReturnType<typeof startProduct>>;

export async function startProduct() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-browser-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    HOST: '127.0.0.1',
    PORT: String(port),
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_ADMIN_EMAIL: ownerEmail,
    TOLLBOOK_ADMIN_PASSWORD: ownerPassword,
  };
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const ready = vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`the product ended: ${text}`);
      if (!text.includes(`Tollbook is ready at ${url}`)) throw new Error(`not ready: ${text}`);
    },
    { timeout: startMsMax, interval: 100 },
  );
  await ready.catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    url,
    /** Runs a command of the CLI on this product and gives what it printed. */
    run: (...args: string[]) => runCommand(env, args),
    stop,
  };
}

function runCommand(env: Record<string, string>, args: string[]): Promise<{ code: number | null; output: string }> {
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      server.close(() => resolve(address.port));
    });
  });
}
