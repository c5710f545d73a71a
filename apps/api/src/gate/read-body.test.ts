import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drainRest } from './drain-rest.js';
import { leaveContinueToGate } from './expect-continue.js';
import { HeldBytes } from './held-bytes.js';
import { openUpload } from './open-upload.js';
import { type BodyLimits, type RequestBody, readBody } from './read-body.js';

type Taken = Awaited<ReturnType<typeof readBody>>;

const limits: BodyLimits = { heldMax: 1_000, totalMax: 1_000, idleMs: 5_000, wholeMs: 5_000 };
const upload: BodyLimits = { ...limits, totalMax: 64 * 1024 * 1024 };
const digestOf = (body: Uint8Array | string) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

const open: (Server | Socket)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const each of open.splice(0)) {
    if ('closeAllConnections' in each) each.closeAllConnections();
    if ('close' in each) each.close();
    else each.destroy();
  }
});

/** A gate that reads one body and answers what it made of it, and a connection to it. */
async function gate(
  { limits: own = limits, held = new HeldBytes() }: { limits?: BodyLimits; held?: HeldBytes } = {},
  use: (taken: RequestBody, request: IncomingMessage) => Promise<string> = async (taken) =>
    taken.kind === 'held' ? Buffer.from(taken.bytes).toString() : 'streamed',
) {
  const takens: Taken[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    drainRest(request, response);
    void readBody(request, response, held.open(), own).then(async (taken) => {
      takens.push(taken);
      if (taken.kind === 'gone') return;
      const text = taken.kind === 'refused' ? taken.code : await use(taken, request);
      if (!response.destroyed) response.end(text);
    });
  });
  leaveContinueToGate(server);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  open.push(socket);
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.on('error', () => undefined);
  const head = (...headers: string[]) =>
    socket.write(['POST /g/a/b HTTP/1.1', 'Host: a', ...headers, '', ''].join('\r\n'));
  const answered = (text: string) => expect.poll(() => got, { interval: 5 }).toContain(text);
  return { socket, head, answered, got: () => got, takens, held };
}

describe('a body that is read before the claim', () => {
  it('is read whole, with a length and without', async () => {
    const { socket, head, answered, held } = await gate();
    head('Content-Length: 5');
    socket.write('hello');
    await answered('hello');
    head('Transfer-Encoding: chunked');
    socket.write('3\r\nwor\r\n2\r\nld\r\n0\r\n\r\n');
    await answered('world');
    expect(held.now).toBe(10);
  });

  it('is refused where it is not what its digest names', async () => {
    const { socket, head, answered } = await gate();
    head('Content-Length: 2', `Content-Digest: ${digestOf('another')}`);
    socket.write('hi');
    await answered('digest_mismatch');
    head('Content-Length: 2', `Content-Digest: ${digestOf('hi')}`);
    socket.write('hi');
    await answered('\r\nhi');
  });

  it('is refused by its length before it is asked for', async () => {
    const { head, answered, got } = await gate();
    head('Content-Length: 1001', 'Expect: 100-continue');
    await answered('request_too_large');
    expect(got()).not.toContain('100 Continue');
  });

  it('is asked for where its sender waits for that', async () => {
    const { socket, head, answered } = await gate();
    head('Content-Length: 2', 'Expect: 100-continue');
    await answered('100 Continue');
    socket.write('ok');
    await answered('\r\nok');
  });

  it('is refused once it is too long, by an answer that its sender still reads', async () => {
    const { socket, head, answered, takens } = await gate();
    head('Transfer-Encoding: chunked');
    const chunk = `${(500).toString(16)}\r\n${'x'.repeat(500)}\r\n`;
    socket.write(chunk.repeat(100));
    await answered('request_too_large');
    expect(takens).toEqual([{ kind: 'refused', code: 'request_too_large', detail: expect.stringContaining('1000') }]);
    // The connection serves on: what was still to come of that body was thrown away.
    socket.write('0\r\n\r\n');
    head('Content-Length: 2');
    socket.write('ok');
    await answered('\r\nok');
  });

  it('is not thrown away for ever: a sender who goes on and on is cut off', async () => {
    const { socket, head } = await gate();
    head('Content-Length: 100000000');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const more = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
    };
    socket.on('drain', more);
    more();
    await closed;
    expect(socket.bytesWritten).toBeLessThan(50_000_000);
  });

  it.each([
    ['stops', { idleMs: 30 }],
    ['takes too long', { wholeMs: 30 }],
  ])('is given up where it %s', async (_how, times) => {
    const { socket, head, answered } = await gate({ limits: { ...limits, ...times } });
    head('Content-Length: 5');
    socket.write('hell');
    await answered('request_too_slow');
  });

  it('is no body where its sender leaves', async () => {
    const { socket, head, takens } = await gate();
    head('Content-Length: 5');
    socket.end('hell');
    await expect.poll(() => takens).toEqual([{ kind: 'gone' }]);
  });

  it('finds no room in a process that is full', async () => {
    const { socket, head, answered } = await gate({ held: new HeldBytes(4) });
    head('Content-Length: 5');
    socket.write('hello');
    await answered('gate_busy');
  });
});

describe('a body that is handed on', () => {
  const large = Buffer.alloc(8 * 1024 * 1024, 'abcdefg');

  /** Hands the body on to nobody in particular; says how much of it came out, and what is wrong with it. */
  async function readAll(taken: RequestBody, onPiece: (bytes: number) => Promise<void> | void = () => {}) {
    if (taken.kind !== 'streamed') return 'held';
    const opened = taken.open();
    let bytes = 0;
    const hash = createHash('sha256');
    try {
      for await (const piece of opened.stream) {
        bytes += piece.length;
        hash.update(piece);
        await onPiece(bytes);
      }
      await opened.done;
      return `${bytes} ${hash.digest('hex')}`;
    } catch {
      return `${bytes < large.length ? 'short' : 'whole'} ${opened.fault()}`;
    }
  }

  it('arrives whole, and the gate never holds more than a few pieces of it', async () => {
    let most = 0;
    const gated = await gate({ limits: upload }, (taken, request) =>
      readAll(taken, async (bytes) => {
        most = Math.max(most, request.socket.bytesRead - bytes);
        await new Promise(setImmediate);
      }),
    );
    gated.head(`Content-Length: ${large.length}`, `Content-Digest: ${digestOf(large)}`, 'Expect: 100-continue');
    await gated.answered('100 Continue');
    gated.socket.write(large);
    await gated.answered(`${large.length} ${createHash('sha256').update(large).digest('hex')}`);
    expect(most).toBeLessThan(512 * 1024);
    expect(gated.held.now).toBe(256 * 1024);
  });

  it('is refused where it does not name length and digest', async () => {
    const { head, answered, takens } = await gate({ limits: upload });
    head('Content-Length: 2000');
    await answered('request_too_large');
    expect(takens).toEqual([
      { kind: 'refused', code: 'request_too_large', detail: expect.stringContaining('Content-Digest') },
    ]);
    const chunked = await gate({ limits: upload });
    chunked.head('Transfer-Encoding: chunked', `Content-Digest: ${digestOf('a')}`);
    chunked.socket.write(`${(2_000).toString(16)}\r\n${'x'.repeat(2_000)}\r\n`);
    await chunked.answered('request_too_large');
  });

  it('never arrives whole where it is not what its digest names', async () => {
    const { socket, head, answered } = await gate({ limits: upload }, (taken) => readAll(taken));
    head(`Content-Length: ${large.length}`, `Content-Digest: ${digestOf('another')}`);
    socket.write(large);
    await answered('short digest_mismatch');
  });

  it('breaks off where its sender leaves', async () => {
    let told = '';
    const { socket, head } = await gate({ limits: upload }, async (taken) => {
      told = await readAll(taken, () => void socket.destroy());
      return told;
    });
    head(`Content-Length: ${large.length}`, `Content-Digest: ${digestOf(large)}`);
    socket.write(large.subarray(0, 100_000));
    await expect.poll(() => told).toBe('short broken_off');
  });

  it('breaks off ten seconds after its last piece, whenever that came', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const request = Object.assign(new PassThrough(), { complete: false, headers: {} });
    const opened = openUpload(request as never, {} as never, new Uint8Array(32), 10_000);
    opened.stream.resume();
    for (const [waitMs, fault] of [
      [8_000, null],
      [8_000, null],
      [10_000, 'broken_off'],
    ] as const) {
      vi.advanceTimersByTime(500);
      const taken = new Promise((resolve) => request.write('piece', resolve));
      await taken;
      await new Promise(setImmediate);
      vi.advanceTimersByTime(waitMs);
      expect(opened.fault()).toBe(fault);
    }
  });

  it('breaks off where its sender stops, and not where nobody takes its pieces', async () => {
    // Only the watch over an upload ticks by intervals; the sockets' own time goes on.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stopped = await gate({ limits: upload }, (taken) => readAll(taken, () => void vi.advanceTimersByTime(1_000)));
    stopped.head(`Content-Length: ${large.length}`, `Content-Digest: ${digestOf(large)}`);
    stopped.socket.write(large.subarray(0, 100_000));
    await expect.poll(() => stopped.takens.length).toBe(1);
    await expect
      .poll(() => {
        vi.advanceTimersByTime(upload.idleMs);
        return stopped.got();
      })
      .toContain('short broken_off');
    const slow = await gate({ limits: upload }, async (taken) => {
      if (taken.kind !== 'streamed') return 'held';
      const opened = taken.open();
      await expect.poll(() => opened.stream.readableLength).toBeGreaterThan(0);
      vi.advanceTimersByTime(10 * upload.idleMs);
      return readAll({ ...taken, open: () => opened });
    });
    slow.head(`Content-Length: ${large.length}`, `Content-Digest: ${digestOf(large)}`);
    slow.socket.write(large);
    await slow.answered(`${large.length} `);
  });
});
