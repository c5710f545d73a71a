/** The product of this checkout as `npm start` runs it, on a port and a data folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.mjs';

const cli = new URL('../apps/cli/bin/tollbook.js', import.meta.url).pathname;
const readyMsMax = 90_000;
const stopSignals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
];

export async function startProduct() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-compat-'));
  // PostgreSQL runs under another account where this one is root.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, HOST: '127.0.0.1', PORT: `${port}` };
  Object.assign(env, { TOLLBOOK_DATA_DIR: dataDir, TOLLBOOK_LOG_LEVEL: 'error' });
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  for (const [signal, code] of stopSignals) process.once(signal, () => stop().finally(() => process.exit(code)));
  try {
    await waitFor('the product is ready', readyMsMax, () => {
      if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}`);
      return output().includes(`Tollbook is ready at ${url}`);
    });
    const key = await createKey(env);
    return { url, dataDir, stop, api: (method, path, body) => callApi(url + path, key, method, body) };
  } catch (error) {
    console.error(output());
    await stop();
    throw error;
  }
}

async function createKey(env) {
  const child = spawn(process.execPath, [cli, 'key', 'create', '--name', 'compat'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = collect(child);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`key create ended with ${code}`);
  return output().trim();
}

async function callApi(url, key, method, body) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function collect(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += String(chunk);
    });
  }
  return () => text;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
