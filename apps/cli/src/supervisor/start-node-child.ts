import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type RunningService, StartFailed } from './running-service.js';

const lastLinesMax = 20;
const readyMsMax = 90_000;
/** How long a child that is not wanted any more may take to end before it is killed. */
const abortGraceMs = 2_000;

/** A Node child that said it is ready, with what it said then. */
export type NodeChild<Ready> = RunningService & { readonly ready: Ready };

export type NodeChildPlan<Ready> = {
  readonly file: string;
  readonly nodeFlags?: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Receives each line that it writes, to stdout or stderr. */
  readonly onLine: (line: string) => void;
  /** Told the process id before it is ready. */
  readonly onSpawned?: (pid: number) => void;
  /** Reads the message with which it says it is ready; undefined for any other message. */
  readonly readReady: (message: unknown) => Ready | undefined;
};

/**
 * Starts a Node process that ends by itself when we are gone (its IPC channel closes then) and resolves when it is
 * ready. Rejects with StartFailed once it has ended, also when `signal` gave it up; nothing is left running then.
 */
export async function startNodeChild<Ready>(
  plan: NodeChildPlan<Ready>,
  signal: AbortSignal,
): Promise<NodeChild<Ready>> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...(plan.nodeFlags ?? []), plan.file], {
    // A group of its own: Ctrl-C reaches the supervisor alone, which ends its children in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...plan.environment },
  });
  const lastLines = followLines(child, plan.onLine);
  const exited = endOf(child);
  if (child.pid === undefined) throw new StartFailed(`could not be run: ${await exited}`, []);
  plan.onSpawned?.(child.pid);
  const service = {
    pid: child.pid,
    exited,
    askToEnd: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    lastLines,
  };
  return { ...service, ready: await readiness(child, plan, service, signal) };
}

async function readiness<Ready>(
  child: ChildProcess,
  plan: NodeChildPlan<Ready>,
  service: RunningService,
  signal: AbortSignal,
): Promise<Ready> {
  let failure: string | undefined;
  const giveUp = (reason: string) => {
    failure ??= reason;
    service.askToEnd();
    const timer = setTimeout(() => service.kill(), abortGraceMs);
    void service.exited.then(() => clearTimeout(timer));
  };
  const onAbort = () => giveUp('was stopped');
  const timer = setTimeout(() => giveUp(`was not ready within ${readyMsMax / 1000} s`), readyMsMax);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await new Promise<Ready>((resolve, reject) => {
      child.on('message', (message) => {
        failure ??= failureIn(message);
        const ready = plan.readReady(message);
        if (ready !== undefined) resolve(ready);
      });
      void service.exited.then((how) => reject(new StartFailed(failure ?? how, service.lastLines())));
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** A child that cannot start may say why in words for the operator: `{ type: 'failed', message }`. */
function failureIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'failed') return;
  return 'message' in message ? String(message.message) : undefined;
}

/** Resolves when the process has ended and everything it wrote was read. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      // A grandchild may hold the pipe open for ever, so its end is not waited for beyond a moment.
      const timer = setTimeout(() => resolve(how), 200);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(how);
      });
    });
  });
}

function followLines(child: ChildProcess, onLine: (line: string) => void): () => readonly string[] {
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > lastLinesMax) lastLines.shift();
      onLine(line);
    });
  }
  return () => [...lastLines];
}
