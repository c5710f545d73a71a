import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { errorCode } from './error-code.js';
import type { ServerAccount } from './server-account.js';

/** How one of PostgreSQL's command line tools ended; `output` is what it wrote, or why it could not be run. */
export interface ToolResult {
  isOk: boolean;
  /** Error code such as `ENOENT` of a tool that could not be run at all. */
  spawnErrorCode: string | undefined;
  output: string;
}

interface ToolOptions {
  file: string;
  arguments: readonly string[];
  workingDir: string;
  account: ServerAccount | undefined;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Environment of everything we start: English messages that we can recognize, UTC, nothing of ours. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC' };

const outputLengthMax = 64 * 1024;

/** Runs a tool to its end as the given account; a tool that fails, hangs or cannot be run is reported, not thrown. */
export async function runTool(options: ToolOptions): Promise<ToolResult> {
  const child = spawnTool(options);
  if (child instanceof Error) return { isOk: false, spawnErrorCode: errorCode(child), output: child.message };
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-outputLengthMax);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  // initdb removes what it made when it is asked to end.
  const end = () => child.kill('SIGTERM');
  const timer = setTimeout(() => {
    output += `\nstopped after ${options.timeoutMs} ms`;
    end();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  try {
    return await new Promise<ToolResult>((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) resolve({ isOk: false, spawnErrorCode: errorCode(error), output: error.message });
      });
      child.once('close', (code) => resolve({ isOk: code === 0, spawnErrorCode: undefined, output: output.trim() }));
    });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  }
}

/** Node throws some failures (EPERM, EINVAL) and emits others (ENOENT, EACCES). */
function spawnTool(options: ToolOptions): ChildProcessByStdio<null, Readable, Readable> | Error {
  try {
    return spawn(options.file, [...options.arguments], {
      cwd: options.workingDir,
      env: serverEnvironment,
      // Its own session: Ctrl-C reaches us, and we decide what it means for a database half made.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...options.account,
    });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
