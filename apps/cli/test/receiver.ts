import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedWebhook = { readonly id: string; readonly headers: Record<string, string>; readonly body: string };
type Answer = (response: ServerResponse, webhook: ReceivedWebhook) => void;

/** A merchant's system: keeps every webhook that reaches it, and answers 204 unless it is told otherwise. */
export async function startReceiver() {
  const received: ReceivedWebhook[] = [];
  let answer: Answer = (response) => void response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const headers = request.headers as Record<string, string>;
    const webhook = { id: headers['webhook-id'] ?? '', headers, body: Buffer.concat(chunks).toString('utf8') };
    received.push(webhook);
    answer(response, webhook);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith: (next: Answer) => {
      answer = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
