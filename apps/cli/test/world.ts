import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type LocalPostgres, type TestDatabase } from '@tollbook/postgres-local';
import { requestOffer, type Sandbox, signPayment, startSandbox } from '@tollbook/sandbox';
import pg from 'pg';
import { inject, vi } from 'vitest';
import { askAnew, isStarved, type Pulse, startPulse } from './pulse.js';

/** A whole Tollbook for one test file: database, chain, upstream, and processes that can be killed one by one. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export type Process = {
  readonly pid: number;
  readonly url: string;
  /** Resolves with the signal or code it ended with. */
  readonly ended: Promise<string>;
  readonly child: ChildProcess;
  kill(signal?: NodeJS.Signals): Promise<string>;
};

/**
 * Starts a world whose blocks come every `blockTimeMs`. Nothing in it outlives `stop`. With a PostgreSQL of the test's own
 * its database is empty; else it lies, migrated, in the one that all worlds of a run share.
 */
export async function startWorld(options: { blockTimeMs?: number; postgres?: LocalPostgres } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollbook-e2e-'));
  chmodSync(dataDir, 0o711);
  const [database, sandbox]: [TestDatabase, Sandbox] = await Promise.all([
    options.postgres ? createTestDatabase(options.postgres) : copyMigratedDatabase(),
    startSandbox({ dataDir, blockTimeMs: options.blockTimeMs ?? 250 }),
  ]);
  const upstream = await startUpstream();
  const processes = new Set<Process>();
  const db = new pg.Pool({ connectionString: database.url, max: 2, options: '-c role=tollbook_worker' });
  db.on('error', () => {});
  const pulse = startPulse(() => askAnew(database.url));

  const env = {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_MASTER_KEY: masterKey,
    TOLLBOOK_SANDBOX: 'on',
    TOLLBOOK_LOG_LEVEL: process.env.E2E_LOG ?? 'fatal',
  };

  const start = async (
    name: 'api' | 'worker',
    extra: Record<string, string>,
    execArgv: string[] = [],
  ): Promise<Process> => {
    const port = await freePort();
    const child = fork(inject('processEntries')[name], {
      env: { ...env, PORT: String(port), ...extra },
      execArgv,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? String(code))),
    );
    const ready = new Promise<void>((resolve) => {
      child.on('message', (message: { type?: string }) => {
        if (message.type === 'ready') resolve();
      });
    });
    const started: Process = {
      pid: child.pid ?? -1,
      url: `http://127.0.0.1:${port}`,
      ended,
      child,
      kill: (signal = 'SIGKILL') => {
        child.kill(signal);
        return ended;
      },
    };
    processes.add(started);
    void ended.then(() => processes.delete(started));
    const early = await Promise.race([ready, ended.then((how) => how)]);
    // A worker with a failpoint may die before it says that it is ready.
    if (early !== undefined && extra.TOLLBOOK_FAILPOINT === undefined) throw new Error(`${name} ended with ${early}`);
    return started;
  };

  return {
    dataDir,
    databaseUrl: database.url,
    sandbox,
    upstream,
    db,
    pulse,
    startApi: (extra: Record<string, string> = {}, execArgv: string[] = []) => start('api', extra, execArgv),
    startWorker: (extra: Record<string, string> = {}) => start('worker', extra),
    /** Rows of a query over all books. */
    rows: async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await db.query<R>(text, values)).rows,
    /** A signed payment header for a URL, and the invoice id that it answers. */
    sign: async (url: string, version: 1 | 2 = 2) => {
      const offer = await askedOffer(pulse, url);
      const signed = await signPayment({ offer, privateKey: sandbox.info.buyer.evmPrivateKey, version });
      return { ...signed, invoiceId: String(offer.headers['x402-invoice-id']) };
    },
    stop: async () => {
      await pulse.stop();
      await Promise.all([...processes].map((each) => each.kill()));
      await db.end();
      await upstream.close();
      await sandbox.stop();
      if (!options.postgres) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a gate offers at a URL; one whose database is too slow for the moment is asked again. */
export function askedOffer(pulse: Pulse, url: string): Promise<Awaited<ReturnType<typeof requestOffer>>> {
  return answered({ pulse }, async () => {
    const answer = await requestOffer({ url, method: 'GET' });
    const { code } = answer.status === 503 ? JSON.parse(answer.bodyText) : { code: undefined };
    return { ...answer, code };
  });
}

/**
 * Asks until there is an answer that is none of `pending`, and none of a gate whose database is too slow for the moment.
 * Every other refusal is an answer, and the caller's to judge; what `ask` throws is thrown at once.
 */
export async function answered<Answer extends { readonly status: number; readonly code: string | undefined }>(
  { pulse }: { readonly pulse: Pulse },
  ask: () => Promise<Answer>,
  pending: readonly string[] = [],
  withinMs = 30_000,
): Promise<Answer> {
  const outcome = await eventually(
    'there is an answer',
    async () => {
      const asked = await ask().then(
        (answer) => ({ answer }),
        (error: unknown) => ({ error }),
      );
      if ('error' in asked) return asked;
      const { status, code } = asked.answer;
      const isPending = code !== undefined && pending.includes(code);
      return !isPending && !isStarved(pulse, status, code) && asked;
    },
    withinMs,
  );
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
}

function copyMigratedDatabase(): Promise<TestDatabase> {
  const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };
  return createTestDatabase(server, inject('migratedDatabase'));
}

/** A master key for tests; the vault refuses ones that are too regular. */
export const masterKey = '8f1c2b7d4e9a06535fd1c8b2740e6a9932ab5c77e4d018f6293bc4a5d6e7f809';

/** An upstream that counts its calls and remembers the idempotency keys they came with. */
async function startUpstream() {
  const keys: string[] = [];
  const first = (_request: IncomingMessage, response: ServerResponse): unknown => {
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ sky: 'clear', call: keys.length }));
  };
  let handler = first;
  const server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/weather`,
    keys,
    answerWith: (next: typeof handler) => {
      handler = next;
    },
    answerAsBefore: () => {
      handler = first;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createTcpServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Asks `check` until it gives something that is not undefined, null or false; fails after `withinMs`. */
export function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | null | false>,
  withinMs = 30_000,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await check();
      if (found === undefined || found === null || found === false)
        throw new Error(`not within ${withinMs} ms: ${what}`);
      return found;
    },
    { timeout: withinMs, interval: pollMs },
  );
}

const pollMs = 50;
