import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { type ServerEnd, stopServer } from './stop-server.js';

/** A process that ignores some signals, as a server does that hangs. */
async function startStubborn(ignored: readonly string[]) {
  const script = `${ignored.map((name) => `process.on('${name}', () => {});`).join('')}
    setInterval(() => {}, 1000); console.log('ready');`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const sent: string[] = [];
  return {
    sent,
    pid: child.pid ?? 0,
    exited: once(child, 'exit').then(([code, signal]): ServerEnd => ({ code, signal })),
    sendSignal: (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => {
      sent.push(signal);
      child.kill(signal);
    },
  };
}

it('asks a server that obeys only once', async () => {
  const server = await startStubborn([]);
  await stopServer(server);
  expect(server.sent).toEqual(['SIGINT']);
});

it('insists with a server that does not obey, and waits for its end', async () => {
  const server = await startStubborn(['SIGINT']);
  await stopServer(server, { quitAfterMs: 50, killAfterMs: 60_000 });
  expect(server.sent).toEqual(['SIGINT', 'SIGQUIT']);
  const deaf = await startStubborn(['SIGINT', 'SIGQUIT']);
  await stopServer(deaf, { quitAfterMs: 50, killAfterMs: 100 });
  expect(await deaf.exited).toEqual({ code: null, signal: 'SIGKILL' });
});
