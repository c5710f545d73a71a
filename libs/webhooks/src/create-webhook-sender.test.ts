import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createOutboundClient } from '@tollbook/outbound';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhookSender, type WebhookHttp } from './create-webhook-sender.js';
import { webhookSecretText } from './secret-text.js';

const secret = randomBytes(32);
const body = JSON.stringify({ id: 'evt_a', type: 'payment_intent.final', data: { memo: 'grüße' } });
const servers = new Set<{ server: Server; sockets: Set<Socket> }>();
const client = createOutboundClient({ allowCidrs: ['127.0.0.0/8'], userAgent: 'Tollbook/test' });
const http: WebhookHttp = client;

/** The same client, impatient: what takes the product twenty seconds is over in a moment. */
const impatient: WebhookHttp = {
  stream: (request) => client.stream({ ...request, headersTimeoutMs: 150, totalTimeoutMs: 300 }),
};

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.add({ server, sockets });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
const speak = (text: string) => listen(createTcpServer((socket) => socket.once('data', () => void socket.write(text))));

const send = (url: string, through: WebhookHttp = http) =>
  createWebhookSender({ http: through, clock: { nowMs: () => Date.now() } }).send({
    url,
    id: 'evt_a',
    body,
    secrets: [secret],
  });

let ok: string;
const seen: { headers: Record<string, unknown>; text: string }[] = [];

beforeAll(async () => {
  ok = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ headers: request.headers, text: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(200, { 'x-receiver': 'one' });
    response.end('thanks');
  });
});

afterAll(async () => {
  await client.close();
  for (const { server, sockets } of servers) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

describe('a delivery', () => {
  it('arrives byte for byte, and the library of Standard Webhooks verifies it', async () => {
    const sent = await send(ok);
    const [request] = seen.splice(0);
    expect(request?.text).toBe(body);
    expect(request?.headers).toMatchObject({ 'webhook-id': 'evt_a', 'content-type': 'application/json' });
    const headers = request?.headers as Record<string, string>;
    expect(new Webhook(webhookSecretText(secret)).verify(body, headers)).toEqual(JSON.parse(body));
    expect(sent).toMatchObject({ httpStatus: 200, error: null, responseBody: 'thanks', retryAfterSeconds: null });
    expect(sent.responseHeaders).toContainEqual(['x-receiver', 'one']);
    expect(Object.fromEntries(sent.requestHeaders)['webhook-signature']).toBe(headers['webhook-signature']);
    expect(sent.timings.headMs).toBeLessThanOrEqual(sent.timings.totalMs);
  });

  it('is never led elsewhere by a redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(307, { location: ok }).end());
    expect(await send(url)).toMatchObject({ httpStatus: 307, error: null });
    expect(seen).toEqual([]);
  });

  it('tells what a receiver asked to wait', async () => {
    const url = await serve((_request, response) => response.writeHead(429, { 'retry-after': '90' }).end());
    expect(await send(url)).toMatchObject({ httpStatus: 429, retryAfterSeconds: 90 });
  });

  it('reaches no private address that is not allowed', async () => {
    const strict = createOutboundClient({ allowCidrs: [], userAgent: 'Tollbook/test' });
    expect(await send(ok, strict)).toMatchObject({ httpStatus: null, error: 'address_blocked', responseBody: null });
    await strict.close();
    expect(seen).toEqual([]);
  });
});

describe('a receiver that misbehaves', () => {
  it('and hangs is left after the time for an answer', async () => {
    const url = await serve(() => undefined);
    expect(await send(url, impatient)).toMatchObject({ httpStatus: null, error: 'timeout' });
  });

  it('and refuses the connection is told as such', async () => {
    const server = createTcpServer();
    const url = await listen(server);
    server.close();
    await once(server, 'close');
    expect(await send(url)).toMatchObject({ httpStatus: null, error: 'connect_failed' });
  });

  it('and answers something that is no HTTP is told as such', async () => {
    expect(await send(await speak('hello there\r\n\r\n'))).toMatchObject({ httpStatus: null, error: 'reset' });
  });

  it('and drips its answer is left when the time is over; the status it gave stands', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200).write('drop');
    });
    expect(await send(url, impatient)).toMatchObject({ httpStatus: 200, error: 'timeout', responseBody: 'drop' });
  });

  it('and promises more than it sends is known by its status', async () => {
    const url = await listen(
      createTcpServer((socket) =>
        socket.once('data', () => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort')),
      ),
    );
    expect(await send(url)).toMatchObject({ httpStatus: 200, error: 'reset', responseBody: 'short' });
  });

  it('and sends a hundred megabytes is read for sixteen kilobytes, whatever it promised', async () => {
    let written = 0;
    const bytesMax = 100 * 1024 * 1024;
    const url = await serve((_request, response) => {
      response.writeHead(500);
      const endless = new Readable({
        read() {
          written += 64 * 1024;
          this.push(written > bytesMax ? null : Buffer.alloc(64 * 1024, 'x'));
        },
      });
      endless.pipe(response);
      response.on('close', () => endless.destroy());
    });
    const sent = await send(url);
    expect(sent.httpStatus).toBe(500);
    expect(sent.responseBody).toBe('x'.repeat(16 * 1024));
    expect(written).toBeLessThan(bytesMax / 4);
  });

  it('and answers bytes that are no text is kept as text that a database takes', async () => {
    const url = await serve((_request, response) => response.end(Buffer.alloc(20_000, 0xff)));
    const nul = await serve((_request, response) => response.end('a\0b'));
    const kept = (await send(url)).responseBody ?? '';
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(16 * 1024);
    expect((await send(nul)).responseBody).toBe('a\u{fffd}b');
  });

  it('and sends thousands of header fields is kept short', async () => {
    const many = Array.from({ length: 900 }, (_, at) => `x-${at}: 1\r\n`).join('');
    const sent = await send(await speak(`HTTP/1.1 204 No Content\r\n${many}\r\n`));
    expect(sent.httpStatus).toBe(204);
    expect(sent.responseHeaders?.length).toBe(50);
  });
});
