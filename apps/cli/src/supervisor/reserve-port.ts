import { once } from 'node:events';
import { createServer } from 'node:http';
import { problemOf } from '@tollbook/contract';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';

/** A port that is held until the api takes it. */
export type ReservedPort = { readonly release: () => Promise<void> };

/**
 * Takes the port at once, so that a port in use is told before anything is started and nothing we start takes it; who
 * asks meanwhile is told that we are starting. Throws a CliError that names HOST or PORT.
 */
export async function reservePort(host: string, port: number): Promise<ReservedPort> {
  const server = createServer((request, response) => {
    const isHealth = request.url?.startsWith('/health/') ?? false;
    response.writeHead(503, {
      'content-type': isHealth ? 'application/json' : 'application/problem+json',
      'cache-control': 'no-store',
      'retry-after': '1',
      connection: 'close',
    });
    response.end(JSON.stringify(isHealth ? notReady : starting));
  });
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw new CliError(explain(error, host, port));
  }
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    release: () => {
      released ??= release();
      return released;
    },
  };
}

const notReady = { status: 'not_ready', failing: ['start'], checks: { start: 'in progress' } };
const starting = problemOf('gate_not_ready', 'Tollbook is starting. Ask again in a moment; nothing was charged.');

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} on ${host} is in use by another program. End that, or choose another, as in: PORT=${port === 65_535 ? 4020 : port + 1}`;
    case 'EACCES':
      return `PORT ${port} needs rights that this account does not have. Choose one above 1023, such as PORT=4020`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is no address of this machine. Use HOST=127.0.0.1, or HOST=0.0.0.0 for all addresses.`;
    default:
      return `Tollbook cannot listen on HOST ${host}, PORT ${port}: ${reasonOf(error)}`;
  }
}
