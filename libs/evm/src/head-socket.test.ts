import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHeadSocket, type Socket } from './head-socket.js';

const chainId = 8453;
const silentMs = 3 * 2_000 + 5_000;

function openHeads(urls = ['wss://user:geheimnis@node.example/secret-key', 'wss://other.example']) {
  const sockets: (Socket & { readonly url: string; readonly sent: string[]; isClosed: boolean })[] = [];
  const heads: bigint[] = [];
  const troubles: (string | null)[] = [];
  const headers: Readonly<Record<string, string>>[] = [];
  const heard = createHeadSocket({
    chainId,
    urls,
    blockMs: 2_000,
    onHead: (number) => heads.push(number),
    onTrouble: (reason) => troubles.push(reason),
    open: (url, withHeaders) => {
      headers.push(withHeaders);
      const sent: string[] = [];
      const socket = {
        url,
        sent,
        isClosed: false,
        onopen: null,
        onmessage: null,
        onclose: null,
        onerror: null,
        send: (text: string) => void sent.push(JSON.parse(text).method),
        close() {
          socket.isClosed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
  });
  const newest = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('a socket was opened');
    return socket;
  };
  const say = (message: unknown, socket = newest()) => socket.onmessage?.({ data: JSON.stringify(message) });
  return {
    heard,
    sockets,
    heads,
    troubles,
    headers,
    newest,
    say,
    greet: (reported = chainId) => {
      newest().onopen?.();
      say({ id: 1, result: `0x${reported.toString(16)}` });
      say({ id: 2, result: '0xabc' });
    },
    head: (number: number) =>
      say({ method: 'eth_subscription', params: { result: { number: `0x${number.toString(16)}` } } }),
  };
}

describe('heads by a socket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are told once the chain is the right one, and mean that it lives', () => {
    const { heard, heads, newest, greet, head, troubles } = openHeads();
    expect(heard.isAlive()).toBe(false);
    head(6);
    greet();
    expect(newest().sent).toEqual(['eth_chainId', 'eth_subscribe']);
    expect([heard.isAlive(), heads]).toEqual([false, []]);
    head(7);
    expect([heard.isAlive(), heads, troubles]).toEqual([true, [7n], [null]]);
    heard.stop();
  });

  it('of another chain are never believed, whoever answers after a connection was made again', async () => {
    const { heard, heads, greet, head, sockets, newest, troubles } = openHeads();
    greet(1);
    head(7);
    expect([heads, newest().sent, troubles]).toEqual([[], ['eth_chainId'], ['its node is of chain 1, not 8453']]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(2);
    head(8);
    greet();
    head(9);
    expect(heads).toEqual([9n]);
    heard.stop();
  });

  it('that stop arriving are noticed although the socket is open, and another node is asked', async () => {
    const { heard, greet, head, sockets, newest, troubles } = openHeads();
    greet();
    head(7);
    await vi.advanceTimersByTimeAsync(silentMs - 1);
    expect(heard.isAlive()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect([heard.isAlive(), sockets[0]?.isClosed, troubles.at(-1)]).toEqual([false, true, 'no block arrived']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(newest().url).toBe('wss://other.example/');
    greet();
    head(8);
    expect([heard.isAlive(), troubles.at(-1)]).toEqual([true, null]);
    heard.stop();
  });

  it('are asked for again less and less often, and never by two connections at once', async () => {
    const { heard, sockets, newest } = openHeads();
    for (const waitMs of [1_000, 2_000, 4_000]) {
      const before = sockets.length;
      newest().onerror?.();
      newest().onclose?.();
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(sockets).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(before + 1);
    }
    heard.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sockets).toHaveLength(4);
  });

  it('are not refused silently', () => {
    const { heard, newest, say, troubles } = openHeads();
    newest().onopen?.();
    say({
      id: 1,
      error: { code: -32601, message: 'no subscriptions at wss://user:geheimnis@node.example/secret-key' },
    });
    expect(troubles).toEqual(['the node refused to tell of blocks']);
    heard.stop();
  });

  it('carry credentials in a header, and in nothing that is told', () => {
    const { heard, headers, newest, troubles } = openHeads();
    expect(newest().url).toBe('wss://node.example/secret-key');
    expect(headers[0]?.authorization).toBe(`Basic ${Buffer.from('user:geheimnis').toString('base64')}`);
    newest().onclose?.();
    expect(JSON.stringify(troubles)).not.toMatch(/geheimnis|secret-key|node\.example/);
    heard.stop();
  });
});
