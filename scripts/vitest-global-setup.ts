import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tollbook/postgres-local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects to the default database of the run's server. Tests make databases of their own beside it. */
    postgresUrl: string;
    /** Connects as the account that may create and drop databases. */
    postgresAdminUrl: string;
  }
}

/** Starts one PostgreSQL for all integration tests of a run; its data does not outlive the run, so fsync is off. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tollbook-integration-'));
  // As root the server runs under another account, which has to pass through this folder.
  await chmod(folder, 0o755);
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startPostgres({ dataDir: folder, isDurable: false });
    project.provide('postgresUrl', server.url);
    project.provide('postgresAdminUrl', server.adminUrl);
    return async () => {
      await server.stop();
      await removeFolder();
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}
