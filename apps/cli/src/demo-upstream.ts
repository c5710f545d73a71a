import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { writePrivateFile } from './write-private-file.js';

/** The server behind the demo endpoint, on loopback alone. */
export type DemoUpstream = {
  /** The whole address of the weather, as the endpoint names it. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

const path = '/weather';

/**
 * Starts the demo merchant's own server: `GET /weather` answers JSON, and `x-demo-calls` says how often it was called.
 * It keeps the port that it had last time, so long as nothing else has taken it.
 */
export async function startDemoUpstream(dataDir: string): Promise<DemoUpstream> {
  const file = join(dataDir, 'demo-upstream.json');
  let calls = 0;
  const server = createServer((request, response) => {
    const isWeather = request.url?.split('?', 1)[0] === path;
    if (isWeather && isRead(request)) calls += 1;
    answer(request, response, isWeather, calls);
  });
  const remembered = readPort(file);
  const port = (await listen(server, remembered)) ?? (await listen(server, 0));
  if (port === null) throw new Error('no loopback port is free for the demo server');
  if (port !== remembered) writePrivateFile(file, `${JSON.stringify({ port })}\n`);
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, isWeather: boolean, calls: number): void {
  const status = !isWeather ? 404 : isRead(request) ? 200 : 405;
  const body = status === 200 ? weather(new Date()) : { error: status === 404 ? 'not found' : 'method not allowed' };
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json', 'x-demo-calls': `${calls}` });
  response.end(`${JSON.stringify(body)}\n`);
}

/** HEAD is priced and served like GET; Node leaves its body out. */
function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Invented, but of the hour: the same question gets the same answer for a while. */
function weather(now: Date): object {
  const hour = now.getUTCHours();
  const skies = ['clear', 'fair', 'cloudy', 'light rain'];
  return {
    place: 'Lisbon',
    observedAt: new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString(),
    sky: skies[(now.getUTCDate() + Math.floor(hour / 6)) % skies.length],
    temperatureCelsius: Math.round(16 + 6 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)),
    windKilometresPerHour: 8 + (hour % 7),
  };
}

function readPort(file: string): number | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('port' in value)) return null;
    return typeof value.port === 'number' && value.port > 0 && value.port <= 65_535 ? value.port : null;
  } catch {
    return null;
  }
}

/** Null when the port cannot be had. */
async function listen(server: Server, port: number | null): Promise<number | null> {
  if (port === null) return null;
  try {
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    await once(server, 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
