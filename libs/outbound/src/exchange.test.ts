import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { deferred, failureOf, LocalPeers } from './testing/local-peers.js';

const peers = new LocalPeers();
afterEach(() => peers.close());

describe('a call that fails', () => {
  it('gives up on a peer that accepts and says nothing', async () => {
    const url = await peers.servePlain(() => undefined);
    const failure = await failureOf(peers.client().get(url, { headersTimeoutMs: 500 }));
    expect(failure).toMatchObject({ code: 'timeout', isSent: true });
  });

  it('gives up on a body that drips', async () => {
    const url = await peers.serve((_request, reply) => void reply.write('a'));
    const failure = await failureOf(peers.client().get(url, { totalTimeoutMs: 500 }));
    expect(failure).toMatchObject({ code: 'timeout', isSent: true });
  });

  it('is never sent once it was reported as unsent', async () => {
    const requests: (string | undefined)[] = [];
    const url = await peers.serve((request, reply) => {
      requests.push(request.url);
      reply.end();
    });
    const { promise: resolved, resolve: answer } = deferred();
    const client = peers.client({ resolveName: () => resolved.then(() => ['127.0.0.1']) });
    const named = `http://shop.example:${new URL(url).port}`;
    const late = await failureOf(client.get(`${named}/late`, { headersTimeoutMs: 20 }));
    expect(late).toMatchObject({ code: 'timeout', isSent: false });
    answer();
    await client.get(`${named}/next`);
    expect(requests).toEqual(['/next']);
  });

  it.each([
    ['before the head', ''],
    ['within the head', 'HTTP/1.1 200 OK\r\nx-a'],
    ['within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
    ['within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc'],
    ['with something else than HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['with two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['with an upgrade nobody asked for', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ])('reports a peer that breaks off %s', async (_case, answer) => {
    const url = await peers.servePlain((socket) => void socket.once('data', () => socket.end(answer)));
    expect(await failureOf(peers.client().get(url))).toMatchObject({ code: 'reset', isSent: true });
  });

  it('stops at the abort signal, before and after sending', async () => {
    const { promise: arrived, resolve: onArrived } = deferred();
    const url = await peers.serve(() => onArrived());
    const client = peers.client();
    const early = await failureOf(client.get(url, { signal: AbortSignal.abort() }));
    expect(early).toMatchObject({ code: 'aborted', isSent: false });
    const controller = new AbortController();
    const call = failureOf(client.get(url, { signal: controller.signal }));
    await arrived;
    controller.abort();
    expect(await call).toMatchObject({ code: 'aborted', isSent: true });
  });

  it.each([new Error('the buyer left'), undefined])(
    'reports a request body that ends early as aborted (%s)',
    async (error) => {
      const { promise: arrived, resolve: onArrived } = deferred();
      const url = await peers.serve((request) => void request.once('data', onArrived));
      const body = new Readable({ read: () => undefined });
      body.push('first');
      const call = failureOf(peers.client().get(url, { method: 'POST', body }));
      await arrived;
      body.destroy(error);
      expect(await call).toMatchObject({ code: 'aborted', isSent: true });
    },
  );

  it('destroys the request body, sent or not', async () => {
    const body = new Readable({ read: () => undefined });
    await failureOf(peers.client({ allowCidrs: [] }).get('http://127.0.0.1/', { method: 'POST', body }));
    expect(body.destroyed).toBe(true);
  });

  it('fails when the client is closed, and so do later calls', async () => {
    const { promise: arrived, resolve: onArrived } = deferred();
    const url = await peers.serve(() => onArrived());
    const client = peers.client();
    const call = failureOf(client.get(url));
    await arrived;
    await client.close();
    expect(await call).toMatchObject({ code: 'aborted', isSent: true });
    expect(await failureOf(client.get(url))).toMatchObject({ code: 'aborted', isSent: false });
  });
});

describe('a streamed answer', () => {
  it('is read no faster than its caller reads', async () => {
    const offered = 64 * 1_048_576;
    let written = 0;
    const { promise: isFull, resolve: onFull } = deferred();
    const url = await peers.serve((_request, reply) => {
      const write = (): void => {
        while (written < offered && reply.write(Buffer.alloc(65_536))) written += 65_536;
        // Full when the peer has waited long for room: a reader that keeps up empties it within a turn or two.
        void afterTurns(500).then(() => {
          if (reply.writableNeedDrain) onFull();
        });
      };
      reply.on('drain', write);
      write();
    });
    const answer = await peers.client().stream({ url, method: 'GET', headersTimeoutMs: 4_000 });
    await isFull;
    expect(written).toBeLessThan(offered / 2);
    answer.body.destroy();
  });

  it('ends with the error that broke it, even when nobody listened yet', async () => {
    const url = await peers.serve((_request, reply) => void reply.write('a'));
    const controller = new AbortController();
    const { signal } = controller;
    const answer = await peers.client().stream({ url, method: 'GET', headersTimeoutMs: 4_000, signal });
    controller.abort();
    await new Promise((resolve) => answer.body.once('close', resolve));
    expect(await failureOf(answer.body.toArray())).toMatchObject({ code: 'aborted', isSent: true });
  });

  it('hangs up when its caller has enough', async () => {
    const { promise: hungUp, resolve: onHungUp } = deferred();
    const url = await peers.serve((_request, reply) => void reply.on('close', onHungUp).write('a'));
    const answer = await peers.client().stream({ url, method: 'GET', headersTimeoutMs: 4_000 });
    await once(answer.body, 'data');
    answer.body.destroy();
    await hungUp;
  });

  it('may take longer than its head was given', async () => {
    const { promise: released, resolve: release } = deferred();
    const url = await peers.serve(async (_request, reply) => {
      reply.write('a');
      await released;
      reply.end('b');
    });
    const silent = await peers.servePlain(() => undefined);
    const client = peers.client();
    const answer = await client.stream({ url, method: 'GET', headersTimeoutMs: 100 });
    // A second call with the same limit fails: by then the first one's would have rung too.
    await failureOf(client.get(silent, { headersTimeoutMs: 100 }));
    release();
    expect(Buffer.concat(await answer.body.toArray()).toString()).toBe('ab');
  });
});

async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
