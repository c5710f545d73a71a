import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { ANVIL_ADVICE } from './find-anvil.js';
import { guardProcess } from './guard-process.js';
import { createRpc } from './rpc.js';
import { parseQuantity } from './rpc-values.js';
import { SandboxUnavailableError } from './sandbox-unavailable-error.js';

const LAST_LINES_CHARACTERS_MAX = 2_000;
const READY_POLL_MS = 15;
/** A chain of some ten thousand blocks takes seconds to load. */
const READY_TIMEOUT_MS = 60_000;
const TERM_TIMEOUT_MS = 2_000;

/** How an anvil ended. */
export interface AnvilExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running anvil; `kill` ends it and resolves when it is gone. */
export interface AnvilProcess {
  readonly pid: number;
  readonly port: number;
  readonly rpcUrl: string;
  readonly exited: Promise<AnvilExit>;
  kill(): Promise<void>;
}

/** What one anvil is started with. */
export interface AnvilOptions {
  binary: string;
  port: number;
  chainId: number;
  args: readonly string[];
}

/**
 * Starts anvil on loopback with no accounts of its own and resolves when it answers; throws
 * `SandboxUnavailableError` otherwise. It runs in its own process group, so a terminal's Ctrl-C does not reach
 * it, and it never outlives this process.
 */
export async function startAnvilProcess(options: AnvilOptions): Promise<AnvilProcess> {
  const { binary, port, chainId, args } = options;
  const child = spawn(
    binary,
    ['--host', '127.0.0.1', '--port', `${port}`, '--chain-id', `${chainId}`, ...FIXED_ARGUMENTS, ...args],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: {} },
  );
  const lastLines = keepLastLines(child);
  const exited = new Promise<AnvilExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const { pid } = child;
  if (pid === undefined) throw await spawnFailure(child, binary);
  const guard = guardProcess(pid);
  void exited.then(() => guard.kill('SIGKILL'));

  const rpcUrl = `http://127.0.0.1:${port}`;
  const kill = async (): Promise<void> => {
    child.kill('SIGTERM');
    const isGone = await Promise.race([exited.then(() => true), delay(TERM_TIMEOUT_MS, false, { ref: false })]);
    if (!isGone) child.kill('SIGKILL');
    await exited;
  };
  try {
    await waitUntilReady(rpcUrl, chainId, exited);
  } catch (cause) {
    await kill();
    const message = `anvil at ${binary} did not start. ${ANVIL_ADVICE}`;
    throw new SandboxUnavailableError(message, { cause, nodeLines: lastLines() });
  }
  return { pid, port, rpcUrl, exited, kill };
}

/**
 * No well-known key holds funds (`--accounts 0`), blocks of up to 3,000 settlements, and no cross-origin access:
 * a web page must not be able to drive the chain.
 */
const FIXED_ARGUMENTS = [
  ['--quiet', '--accounts', '0', '--no-cors', '--no-request-size-limit'],
  ['--gas-limit', '300000000'],
].flat();

async function waitUntilReady(rpcUrl: string, chainId: number, exited: Promise<AnvilExit>): Promise<void> {
  const polling = new AbortController();
  const ended = exited.then((exit) => {
    throw new Error(`anvil ended: ${JSON.stringify(exit)}`);
  });
  try {
    await Promise.race([ended, pollUntilAnswering(rpcUrl, chainId, polling.signal)]);
  } finally {
    polling.abort();
    // The process ends one day; nobody is left to hear of it here.
    ended.catch(() => undefined);
  }
}

async function pollUntilAnswering(rpcUrl: string, chainId: number, signal: AbortSignal): Promise<void> {
  const rpc = createRpc(rpcUrl, 5_000);
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!signal.aborted) {
    const answered = await rpc.call('eth_chainId').then(parseQuantity, () => null);
    if (answered === chainId) return;
    if (answered !== null) throw new Error(`another node answers at ${rpcUrl}`);
    if (Date.now() > deadline) throw new Error(`no answer at ${rpcUrl} after ${READY_TIMEOUT_MS} ms`);
    await delay(READY_POLL_MS);
  }
}

function keepLastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-LAST_LINES_CHARACTERS_MAX);
  });
  return () => text.trim();
}

async function spawnFailure(child: ChildProcess, binary: string): Promise<SandboxUnavailableError> {
  const cause = await new Promise<unknown>((resolve) => child.once('error', resolve));
  return new SandboxUnavailableError(`anvil at ${binary} cannot be run. ${ANVIL_ADVICE}`, { cause });
}
