import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Rpc } from './rpc.js';
import { type BlockHead, parseBlockHead } from './rpc-values.js';
import { SandboxRpcError } from './sandbox-rpc-error.js';
import { commitFile } from './write-file-atomic.js';

const DUMP_METHOD = 'anvil_dumpState';
const DUMP_TIMEOUT_MS = 60_000;
const PREAMBLE_CHARACTERS_MAX = 1_000;

/**
 * Saves anvil's whole chain (blocks, chain txs, receipts, logs, head state; with `withHistory` also the state of
 * the blocks it remembers) to `path`, gzipped as anvil sends it, and answers the head that was saved. The file is
 * the old one or the whole new one. Null, and the old file stays, when somebody mined meanwhile: such a dump could
 * contradict itself.
 */
export async function dumpChain(rpc: Rpc, path: string, withHistory: boolean): Promise<BlockHead | null> {
  const head = await readHead(rpc);
  const temporary = `${path}.new`;
  const bytes = decodeHexResult(await requestDump(rpc.url, withHistory));
  await pipeline(Readable.from(bytes), createWriteStream(temporary, { mode: 0o600, flush: true }));
  const headAfter = await readHead(rpc);
  if (headAfter.hash !== head.hash) return null;
  await commitFile(temporary, path);
  return head;
}

/** The newest block. */
export async function readHead(rpc: Rpc): Promise<BlockHead> {
  return parseBlockHead(await rpc.call('eth_getBlockByNumber', ['latest', false]));
}

/** Unpacks a saved chain to the plain JSON that anvil loads; answers false when nothing was ever saved. */
export async function unpackChain(path: string, target: string): Promise<boolean> {
  const source = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (source === null) return false;
  await source.close();
  await rm(target, { force: true });
  await pipeline(createReadStream(path), createGunzip(), createWriteStream(target, { mode: 0o600 }));
  return true;
}

async function requestDump(rpcUrl: string, withHistory: boolean): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: DUMP_METHOD, params: [withHistory] }),
    signal: AbortSignal.timeout(DUMP_TIMEOUT_MS),
  });
  if (response.body === null) throw new SandboxRpcError(DUMP_METHOD, 'the answer is empty');
  return response.body;
}

/** The answer is tens of megabytes of hex in one string: decoded as it arrives, it is never held whole. */
async function* decodeHexResult(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const opening = '"result":"0x';
  let pending = '';
  let isInside = false;
  for await (const chunk of body) {
    pending += Buffer.from(chunk).toString('latin1');
    if (!isInside) {
      const start = pending.indexOf(opening);
      if (start < 0 && pending.length > PREAMBLE_CHARACTERS_MAX) break;
      if (start < 0) continue;
      pending = pending.slice(start + opening.length);
      isInside = true;
    }
    const end = pending.indexOf('"');
    const usable = end >= 0 ? end : pending.length - (pending.length % 2);
    yield Buffer.from(pending.slice(0, usable), 'hex');
    if (end >= 0) return;
    pending = pending.slice(usable);
  }
  const message = isInside ? 'the answer was cut off' : pending.slice(0, PREAMBLE_CHARACTERS_MAX);
  throw new SandboxRpcError(DUMP_METHOD, message);
}
