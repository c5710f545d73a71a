import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '@tollbook/config';
import type { Logger } from '@tollbook/telemetry';
import type { FirstOwner } from '@tollbook/usecases';
import { loadExistingMasterKey, loadMasterKey } from '../load-master-key.js';
import { nodeFlags, programFiles } from '../program-files.js';
import { removeRuntime, writeRuntime } from '../runtime-file.js';
import { decodeSandboxReady, type SandboxReady } from '../sandbox-message.js';
import { localUrl } from './base-url.js';
import { childEnvironment } from './child-environment.js';
import { type GiveUpReport, KeptService } from './kept-service.js';
import { ProcessBoard } from './process-board.js';
import { explainStart, type RunningService } from './running-service.js';
import { type PostgresService, startLocalPostgres } from './start-local-postgres.js';
import { type NodeChild, startNodeChild } from './start-node-child.js';
import { type ReaperService, startReaper } from './start-reaper.js';

/** Together below the ten seconds in which everything has to end. */
const graceMs = { apps: 5_000, sandbox: 2_500, postgres: 1_500, reaper: 300 };
const setUpRetryMs = 2_000;

export type FleetOptions = {
  readonly config: Config;
  readonly logger: Logger;
  /** Receives what the children write, line by line. */
  readonly onLine: (line: string) => void;
  /** Called once, when a service died too often: nothing is right any more. */
  readonly onGiveUp: (report: GiveUpReport) => void;
};

/** Everything that the supervisor runs, and the order in which it begins and ends. */
export class Fleet {
  readonly #reaper: KeptService<ReaperService>;
  readonly #postgres: KeptService<PostgresService> | null;
  readonly #sandbox: KeptService<NodeChild<SandboxReady>> | null;
  readonly #apps: readonly KeptService<RunningService>[];
  readonly #board = new ProcessBoard(() => this.#publish());
  readonly #stopping = new AbortController();
  #reaperService: ReaperService | undefined;
  #databaseUrl: string | undefined;
  #sandboxReady: SandboxReady | undefined;
  #isSetUp = false;

  constructor(private readonly options: FleetOptions) {
    const { config } = options;
    this.#databaseUrl = config.databaseUrl;
    this.#reaper = this.#keepReaper();
    this.#postgres = config.databaseUrl === undefined ? this.#keepPostgres() : null;
    this.#sandbox = config.isSandboxOn ? this.#keepSandbox() : null;
    this.#apps = (['api', 'worker'] as const).map((name) => this.#keepApp(name));
    this.#board.add('supervisor', process.pid);
  }

  /** Starts database and sandbox side by side and writes what an instance needs before it serves. */
  async startFoundations(): Promise<void> {
    await startFirst('reaper', this.#reaper);
    // Both take a while to load, and PostgreSQL takes a while to start.
    const loaded = import('./prepare-database.js');
    const alsoLoaded = import('./set-up-instance.js');
    const sandboxStarted = this.#sandbox && startFirst('sandbox', this.#sandbox);
    const databasePrepared = (this.#postgres?.start() ?? Promise.resolve()).then(async () => {
      const { prepareDatabase } = await loaded;
      await prepareDatabase(this.#requireDatabaseUrl(), this.options.config, this.options.logger);
    });
    await Promise.all([loaded, alsoLoaded, sandboxStarted, databasePrepared]);
    await this.#setUp();
    this.#isSetUp = true;
  }

  /** Starts api and worker and resolves when both are ready. */
  async startApps(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.start()));
  }

  /** Adds the first person, where there is none yet. Comes last, so that a password made here is told for certain. */
  async createOwner(): Promise<FirstOwner | null> {
    const { config, logger } = this.options;
    const { createOwner } = await import('./create-owner.js');
    const report = (error: Error) => logger.error({ err: error }, 'account could not be made');
    return createOwner({ databaseUrl: this.#requireDatabaseUrl(), config, report });
  }

  /** Ends everything, those that use the database first and the database last. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#apps.map((app) => app.stop(graceMs.apps)));
    await this.#sandbox?.stop(graceMs.sandbox);
    await this.#postgres?.stop(graceMs.postgres);
    await this.#reaper.stop(graceMs.reaper);
    removeRuntime(this.options.config.dataDir);
  }

  /** Ends without further patience; `stop` then ends soon. */
  hurry(): void {
    for (const service of [...this.#apps, this.#sandbox, this.#postgres]) service?.kill();
  }

  #keepReaper(): KeptService<ReaperService> {
    return new KeptService<ReaperService>({
      ...this.#common('reaper'),
      isFirstStartFinal: true,
      start: (signal) => startReaper(programFiles.reaper, signal),
      onReady: (reaper) => {
        this.#reaperService = reaper;
        this.#board.add('reaper', reaper.pid);
      },
      onEnded: () => {
        this.#reaperService = undefined;
        this.#board.remove('reaper');
      },
    });
  }

  #keepPostgres(): KeptService<PostgresService> {
    return new KeptService<PostgresService>({
      ...this.#common('postgres'),
      isFirstStartFinal: true,
      start: (signal) => {
        const log = (line: string) =>
          this.options.logger[isOrdinary(line) ? 'debug' : 'info']({ line }, 'postgres told');
        return startLocalPostgres(this.#postgresDir(), log, signal);
      },
      onReady: (postgres) => this.#onPostgresReady(postgres),
      onEnded: () => this.#board.remove('postgres'),
    });
  }

  #keepSandbox(): KeptService<NodeChild<SandboxReady>> {
    return new KeptService<NodeChild<SandboxReady>>({
      ...this.#common('sandbox'),
      isFirstStartFinal: true,
      start: (signal) => this.#startChild('sandbox', decodeSandboxReady, signal),
      onReady: ({ ready }) => this.#onSandboxReady(ready),
      onEnded: () => this.#board.remove('sandbox', 'anvil'),
    });
  }

  #keepApp(name: 'api' | 'worker'): KeptService<RunningService> {
    return new KeptService<RunningService>({
      ...this.#common(name),
      // A first start may fail on what passes, such as a database that is still being reached.
      isFirstStartFinal: false,
      start: (signal) => this.#startChild(name, readAppReady, signal),
      onEnded: () => this.#board.remove(name),
    });
  }

  #common(name: string) {
    return { name, logger: this.options.logger, onGiveUp: this.options.onGiveUp };
  }

  #startChild<Ready>(
    name: 'api' | 'worker' | 'sandbox',
    readReady: (message: unknown) => Ready | undefined,
    signal: AbortSignal,
  ): Promise<NodeChild<Ready>> {
    const { config, onLine } = this.options;
    return startNodeChild(
      {
        file: programFiles[name],
        nodeFlags: nodeFlags[name],
        environment: childEnvironment(config, this.#databaseUrl),
        onLine,
        onSpawned: (pid) => this.#board.add(name, pid),
        readReady,
      },
      signal,
    );
  }

  /** The port is kept from start to start; should another program have taken it, the apps have to learn the new one. */
  #onPostgresReady(postgres: PostgresService): void {
    if (postgres.wasAdopted) this.options.logger.warn({ service_pid: postgres.pid }, 'running postgres was adopted');
    const hasMoved = this.#databaseUrl !== undefined && this.#databaseUrl !== postgres.url;
    this.#databaseUrl = postgres.url;
    this.#board.add('postgres', postgres.pid);
    if (hasMoved) this.#restartApps('the database has moved to another port');
  }

  /** The same for the chain's port, and for that of the demo server. */
  #onSandboxReady(ready: SandboxReady): void {
    const before = this.#sandboxReady;
    this.#sandboxReady = ready;
    this.#board.add('anvil', ready.anvilPid);
    if (before === undefined || !this.#isSetUp) return;
    if (before.rpcUrl !== ready.rpcUrl) this.#restartApps('the sandbox chain has moved to another port');
    if (before.upstreamUrl !== ready.upstreamUrl) void this.#setUpAgain();
  }

  #restartApps(reason: string): void {
    this.options.logger.warn({ reason }, 'apps were told to restart');
    for (const app of this.#apps) app.restart(graceMs.apps);
  }

  async #setUp(): Promise<void> {
    const { config } = this.options;
    const { setUpInstance } = await import('./set-up-instance.js');
    const upstreamUrl = this.#sandboxReady?.upstreamUrl;
    await setUpInstance({
      databaseUrl: this.#requireDatabaseUrl(),
      loadMasterKey: (isInUse) => (isInUse ? loadExistingMasterKey(config) : loadMasterKey(config)),
      sandbox:
        upstreamUrl === undefined
          ? null
          : { dataDir: config.dataDir, upstreamUrl, apiUrl: localUrl(config.host, config.port) },
    });
  }

  /** Until it worked, because nobody else tells the gate where the demo server is now. */
  async #setUpAgain(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#setUp();
      } catch (error) {
        this.options.logger.error({ err: error }, 'demo endpoint could not be moved');
        await delay(setUpRetryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #publish(): void {
    const { config } = this.options;
    const { publicUrl } = config;
    const queueBackend = config.redisUrl === undefined ? 'postgres' : 'redis';
    const clusterDir = this.#postgres === null ? null : join(this.#postgresDir(), 'cluster');
    this.#reaperService?.tell(this.#board.toReaperOrder(clusterDir));
    const databaseUrl = this.#databaseUrl ?? null;
    writeRuntime(config.dataDir, { databaseUrl, publicUrl, queueBackend, ...this.#board.toRuntime() });
  }

  #postgresDir(): string {
    return join(this.options.config.dataDir, 'postgres');
  }

  #requireDatabaseUrl(): string {
    if (this.#databaseUrl === undefined) throw new Error('the database is used before it was started');
    return this.#databaseUrl;
  }
}

async function startFirst(name: string, service: Pick<KeptService<RunningService>, 'start'>): Promise<void> {
  try {
    await service.start();
  } catch (error) {
    throw explainStart(name, error);
  }
}

function readAppReady(message: unknown): true | undefined {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'
    ? true
    : undefined;
}

/** What every start and end of PostgreSQL says, our own early look at it included: no news to anybody. */
function isOrdinary(line: string): boolean {
  return / LOG: | FATAL: {2}the database system is (starting up|shutting down)/.test(line);
}
