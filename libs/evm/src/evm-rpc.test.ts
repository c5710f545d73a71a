import { ChainUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { ScriptedError, scriptedNode } from '../test/scripted-node.js';
import { createEvmRpc } from './evm-rpc.js';
import { rpcErrorOf } from './evm-rpc-error.js';
import { readRangeRefusal } from './range-error.js';

const calls = ['a', 'b', 'c'].map((method) => ({ method, params: [] }));
const named = ({ method }: { method: string }) => `result of ${method}`;
const results = calls.map((call) => ({ kind: 'result', value: named(call) }));

async function failureOf(promise: Promise<unknown>): Promise<ChainUnavailable> {
  const error = await promise.catch((caught: unknown) => caught);
  if (!(error instanceof ChainUnavailable)) throw new Error('expected ChainUnavailable', { cause: error });
  return error;
}

const withFetch = (fetchFn: typeof fetch, url = 'http://127.0.0.1:1') =>
  createEvmRpc({ network: 'eip155:84532', url, timeoutMs: 20, fetch: fetchFn });

describe('a batch', () => {
  it('is one HTTP body', async () => {
    const node = scriptedNode(named);
    expect(await node.rpc.batch(calls)).toEqual(results);
    expect(node.bodies).toHaveLength(1);
  });

  it('asks nothing for no calls', async () => {
    const node = scriptedNode(named);
    expect(await node.rpc.batch([])).toEqual([]);
    expect(node.bodies).toHaveLength(0);
  });

  it('is matched by id when answers come in another order', async () => {
    const node = scriptedNode(named, (answers) => Response.json(answers.toReversed()));
    expect(await node.rpc.batch(calls)).toEqual(results);
  });

  it('takes an answer that came twice, unless the two differ', async () => {
    const same = scriptedNode(named, (answers) => Response.json([...answers, answers[1]]));
    expect(await same.rpc.batch(calls)).toEqual(results);
    const other = scriptedNode(named, (answers) => Response.json([...answers, { ...answers[1], result: 'other' }]));
    expect((await failureOf(other.rpc.batch(calls))).message).toContain('two different answers');
  });

  it('is worthless when an answer is missing', async () => {
    const node = scriptedNode(named, (answers) => Response.json(answers.slice(1)));
    expect((await failureOf(node.rpc.batch(calls))).message).toBe('a and 2 more: an answer is missing or malformed');
  });

  it('keeps the error of one call beside the results of others', async () => {
    const node = scriptedNode((call) => (call.method === 'b' ? new ScriptedError(3, 'reverted', '0x08') : named(call)));
    const outcomes = await node.rpc.batch(calls);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['result', 'error', 'result']);
    expect(outcomes[1]).toMatchObject({ error: { code: 3, rpcMessage: 'reverted', data: '0x08' } });
  });

  it('tells why a node refused the body as a whole', async () => {
    const refusal = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } };
    for (const body of [refusal, [refusal]]) {
      const error = await failureOf(scriptedNode(named, () => Response.json(body)).rpc.batch(calls));
      expect(error.message).toContain('batch too large');
      expect(rpcErrorOf(error)?.code).toBe(-32600);
    }
  });
});

describe('a request', () => {
  it('returns null where the node answers null', async () => {
    expect(await scriptedNode(() => null).rpc.request('a', [])).toBeNull();
  });

  it('throws ChainUnavailable with the error of the node as its cause', async () => {
    const node = scriptedNode(() => new ScriptedError(-32000, 'nonce too low'));
    const error = await failureOf(node.rpc.request('eth_sendRawTransaction', []));
    expect(error).toMatchObject({ network: 'eip155:84532', isRetryable: true });
    expect(rpcErrorOf(error)).toMatchObject({ code: -32000, rpcMessage: 'nonce too low', data: null });
  });

  it.each([
    ['HTML with status 200', new Response('<html>welcome</html>'), 'a: the answer is not JSON'],
    ['an empty body', new Response(''), 'a: the answer is not JSON'],
    ['an object that is no answer', Response.json({ ok: true }), 'a: an answer is missing or malformed'],
    ['status 502 with HTML', new Response('<html>', { status: 502 }), 'a: HTTP 502'],
  ])('throws ChainUnavailable on %s', async (_name, response, message) => {
    const error = await failureOf(scriptedNode(named, () => response).rpc.request('a', []));
    expect(error.message).toBe(message);
    expect(rpcErrorOf(error)).toBeNull();
  });

  it.each([
    ['the seconds it says', { 'retry-after': '7' }, 7_000],
    ['a second where it says nothing', {}, 1_000],
    ['a second where it says nonsense', { 'retry-after': 'soon' }, 1_000],
  ])('tells by status 429 to leave the node alone for %s', async (_name, headers, retryAfterMs) => {
    const node = scriptedNode(named, () => new Response('slow down', { status: 429, headers }));
    const error = await failureOf(node.rpc.request('a', []));
    expect(error.message).toBe('a: HTTP 429');
    expect(rpcErrorOf(error)).toMatchObject({ code: 429, retryAfterMs });
  });

  it('keeps the error that a node put into a 4xx', async () => {
    const body = { jsonrpc: '2.0', id: 1, error: { code: -32005, message: 'rate limit exceeded' } };
    const node = scriptedNode(named, () => Response.json(body, { status: 429 }));
    const error = await failureOf(node.rpc.request('a', []));
    expect(error.message).toBe('a: HTTP 429, error -32005: rate limit exceeded');
    expect(rpcErrorOf(error)?.code).toBe(-32005);
  });

  it('gives up on a node that hangs, before and within its answer', async () => {
    const hangs: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    expect((await failureOf(withFetch(hangs).request('a', []))).message).toBe('a: no answer within 20 ms');

    const stalls: typeof fetch = async (_url, init) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"jsonrpc"'));
          init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
        },
      });
      return new Response(body);
    };
    expect((await failureOf(withFetch(stalls).request('a', []))).message).toBe('a: no answer within 20 ms');
  });

  it('stops reading an answer that would fill our memory', async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024).fill(32);
    const pours: typeof fetch = async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
    const rpc = createEvmRpc({ network: 'eip155:84532', url: 'http://127.0.0.1:1', timeoutMs: 4_000, fetch: pours });
    const error = await failureOf(rpc.request('a', []));
    expect(error.message).toBe('a: error 0: answer exceeds 4194304 bytes');
    expect(readRangeRefusal(error)?.kind).toBe('too_many_blocks');
  });

  it('may be given another timeout', async () => {
    const hangs: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const error = await failureOf(withFetch(hangs).request('a', [], { timeoutMs: 5 }));
    expect(error.message).toBe('a: no answer within 5 ms');
  });
});

describe('what a failure tells', () => {
  const url = 'https://reader:p4ssword-1@node.example.test/v2/k3y-0123456789?token=t0ken-abcdef';
  const secrets = ['reader', 'p4ssword-1', 'node.example.test', 'k3y-0123456789', 't0ken-abcdef'];

  it('names no URL and no credentials, whatever the node or the runtime says', async () => {
    const refused: typeof fetch = async () => {
      throw new TypeError(`fetch failed: ${url}`, { cause: Object.assign(new Error(url), { code: 'ECONNREFUSED' }) });
    };
    const said: typeof fetch = async () =>
      Response.json({ jsonrpc: '2.0', id: 1, error: { code: 1, message: `key k3y-0123456789 at ${url} is blocked` } });
    for (const fetchFn of [refused, said]) {
      const error = await failureOf(withFetch(fetchFn, url).request('a', []));
      const text = `${error.message} ${error.stack} ${String(error.cause)}`;
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect((await failureOf(withFetch(refused, url).request('a', []))).message).toBe(
      'a: connection failed (ECONNREFUSED)',
    );
  });

  it('leaves the URL out when it is none', () => {
    expect(() => createEvmRpc({ network: 'x', url: 'no url s3cret', timeoutMs: 1 })).toThrow(
      'the RPC URL is not a URL',
    );
    expect(() => createEvmRpc({ network: 'x', url: 'ftp://s3cret/', timeoutMs: 1 })).toThrow('must be http or https');
  });

  it('sends credentials of the URL as a header', async () => {
    const seen: unknown[] = [];
    const fetchFn: typeof fetch = async (target, init) => {
      seen.push(String(target), new Headers(init?.headers).get('authorization'), init?.redirect);
      return Response.json({ jsonrpc: '2.0', id: 1, result: '0x1' });
    };
    await withFetch(fetchFn, 'http://user:pass@127.0.0.1:1/x').request('a', []);
    expect(seen).toEqual(['http://127.0.0.1:1/x', `Basic ${btoa('user:pass')}`, 'error']);
  });
});
