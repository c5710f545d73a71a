import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueBackend } from '@tollbook/queue';
import { isRunning, type ProcessIdentity } from './supervisor/process-identity.js';
import { writePrivateFile } from './write-private-file.js';

/** What a running Tollbook tells the commands: `<dataDir>/runtime.json`, mode 0600, gone after a clean stop. */
export type Runtime = {
  /** Null until the database runs. */
  readonly databaseUrl: string | null;
  readonly publicUrl: string;
  /** Where its jobs wait; null in a file that does not say. */
  readonly queueBackend: QueueBackend['kind'] | null;
  /** Every process of this instance by name, the supervisor included. */
  readonly pids: Readonly<Record<string, number>>;
  /** When each of them began, so that a reused id is never taken for one of ours. */
  readonly startMarks: Readonly<Record<string, string | null>>;
};

/** Writes the file whole. */
export function writeRuntime(dataDir: string, runtime: Runtime): void {
  writePrivateFile(runtimeFile(dataDir), `${JSON.stringify(runtime, null, 2)}\n`);
}

/** Reads the file, also one that a killed supervisor left behind; null without one that can be read. */
export function readRuntime(dataDir: string): Runtime | null {
  try {
    return parseRuntime(JSON.parse(readFileSync(runtimeFile(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the supervisor that wrote the file still runs. */
export function isSupervisorRunning(runtime: Pick<Runtime, 'pids' | 'startMarks'>): boolean {
  const { supervisor: pid } = runtime.pids;
  return pid !== undefined && isRunning({ pid, startMark: runtime.startMarks.supervisor ?? null });
}

export function removeRuntime(dataDir: string): void {
  rmSync(runtimeFile(dataDir), { force: true });
}

/** The processes that the file names, with what tells them from later ones. */
export function processesOf(runtime: Runtime): readonly (ProcessIdentity & { readonly name: string })[] {
  return Object.entries(runtime.pids).map(([name, pid]) => ({
    name,
    pid,
    startMark: runtime.startMarks[name] ?? null,
  }));
}

function runtimeFile(dataDir: string): string {
  return join(dataDir, 'runtime.json');
}

function parseRuntime(value: unknown): Runtime | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields: Record<string, unknown> = { databaseUrl: null, publicUrl: '', ...value };
  const { databaseUrl, publicUrl, queueBackend, pids, startMarks } = fields;
  return {
    databaseUrl: typeof databaseUrl === 'string' ? databaseUrl : null,
    publicUrl: String(publicUrl),
    queueBackend: queueBackend === 'postgres' || queueBackend === 'redis' ? queueBackend : null,
    pids: entriesOf(pids, (entry) => (typeof entry === 'number' && entry > 0 ? entry : undefined)),
    startMarks: entriesOf(startMarks, (entry) => (typeof entry === 'string' ? entry : null)),
  };
}

function entriesOf<T>(value: unknown, read: (entry: unknown) => T | undefined): Record<string, T> {
  const entries: Record<string, T> = {};
  for (const [name, entry] of Object.entries(value ?? {})) {
    const known = read(entry);
    if (known !== undefined) entries[name] = known;
  }
  return entries;
}
