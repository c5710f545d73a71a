import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@tollbook/db';
import { createTestDatabase, startPostgres } from '@tollbook/postgres-local';
import { migrateQueue } from '@tollbook/queue';
import type { TestProject } from 'vitest/node';
import { bundleProcesses } from './bundle-processes.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects to the default database of the run's server. Tests make databases of their own beside it. */
    postgresUrl: string;
    /** Connects as the account that may create and drop databases. */
    postgresAdminUrl: string;
    /** A database with the newest schema, to be copied: nobody connects to it. End-to-end runs have the queue's too. */
    migratedDatabase: string;
    /** What end-to-end tests start, by name of the app. */
    processEntries: { readonly api: string; readonly worker: string };
  }
}

/** Each world has several processes with pools of their own, and several worlds run at once. */
const maxConnections = 600;

/** Starts one PostgreSQL for all tests of a project; its data does not outlive the run, so fsync is off. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), `tollbook-${project.name}-`));
  // As root the server runs under another account, which has to pass through this folder.
  await chmod(folder, 0o755);
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const bundled = project.name === 'e2e' ? await bundleProcesses() : undefined;
  try {
    const server = await startPostgres({ dataDir: folder, isDurable: false, maxConnections });
    const { url } = await createTestDatabase(server);
    await migrate(url);
    if (project.name === 'e2e') await migrateQueue(url);
    project.provide('postgresUrl', server.url);
    project.provide('postgresAdminUrl', server.adminUrl);
    project.provide('migratedDatabase', new URL(url).pathname.slice(1));
    if (bundled) project.provide('processEntries', { api: bundled.api, worker: bundled.worker });
    return async () => {
      await server.stop();
      await removeFolder();
      await bundled?.remove();
    };
  } catch (error) {
    await removeFolder();
    await bundled?.remove();
    throw error;
  }
}
