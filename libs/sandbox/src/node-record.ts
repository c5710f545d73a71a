import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, startTicks } from './process-table.js';
import { parseFields } from './rpc-values.js';
import { SandboxUnavailableError } from './sandbox-unavailable-error.js';
import { writeFileAtomic } from './write-file-atomic.js';

const END_TIMEOUT_MS = 5_000;
const END_POLL_MS = 20;

/** Which anvil runs a data folder's chain, and which process keeps it. */
export interface NodeRecord {
  pid: number;
  port: number;
  binary: string;
  keeperPid: number;
  /** Tells the keeper from a later process with the same pid; null where the system does not say. */
  keeperStartTicks: number | null;
}

/** Remembers an anvil that this process started. */
export async function writeNodeRecord(path: string, node: Pick<NodeRecord, 'pid' | 'port' | 'binary'>): Promise<void> {
  const { pid, port, binary } = node;
  const record: NodeRecord = {
    pid,
    port,
    binary,
    keeperPid: process.pid,
    keeperStartTicks: startTicks(process.pid),
  };
  await writeFileAtomic(path, `${JSON.stringify(record)}\n`);
}

/**
 * Ends the anvil that a dead process left behind with this data folder, after making sure that it is that one;
 * throws `SandboxUnavailableError` while another living process keeps it.
 */
export async function endOrphan(path: string): Promise<void> {
  const record = await readNodeRecord(path);
  if (record === null) return;
  if (isKeptByAnother(record)) {
    throw new SandboxUnavailableError(`The sandbox chain of this data folder is run by process ${record.keeperPid}.`);
  }
  if (isRunning(record)) {
    process.kill(record.pid, 'SIGKILL');
    const deadline = Date.now() + END_TIMEOUT_MS;
    while (isRunning(record)) {
      if (Date.now() > deadline) throw new SandboxUnavailableError(`anvil (process ${record.pid}) cannot be ended.`);
      await delay(END_POLL_MS);
    }
  }
  await rm(path, { force: true });
}

function isKeptByAnother(record: NodeRecord): boolean {
  if (record.keeperPid === process.pid || record.keeperStartTicks === null) return false;
  return startTicks(record.keeperPid) === record.keeperStartTicks && isRunning(record);
}

function isRunning({ pid, port, binary }: NodeRecord): boolean {
  const words = commandLine(pid);
  if (words === null || basename(words[0] ?? '') !== basename(binary)) return false;
  return words[words.indexOf('--port') + 1] === `${port}`;
}

async function readNodeRecord(path: string): Promise<NodeRecord | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const { pid, port, binary, keeperPid, keeperStartTicks } = parseFields(JSON.parse(text));
  if (typeof pid !== 'number' || typeof port !== 'number' || typeof keeperPid !== 'number') return null;
  if (typeof binary !== 'string') return null;
  return {
    pid,
    port,
    binary,
    keeperPid,
    keeperStartTicks: typeof keeperStartTicks === 'number' ? keeperStartTicks : null,
  };
}
