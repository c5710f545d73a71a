import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './error-code.js';

const draftAgeMsMax = 10 * 60_000;

/**
 * Removes drafts (`draft-<pid>-…`, `server.json.<pid>-…`) that a killed start left in the data folder. A draft of a
 * process that still runs is kept unless it is too old to be true: process ids are used again.
 */
export async function removeLeftovers(dataDir: string, now: number): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    const pidText = /^(?:draft-|server\.json\.)(\d+)-/.exec(name)?.[1];
    if (pidText === undefined) continue;
    const draft = path.join(dataDir, name);
    const stats = statSync(draft, { throwIfNoEntry: false });
    if (stats === undefined || (isRunning(Number(pidText)) && now - stats.mtimeMs < draftAgeMsMax)) continue;
    await removeDraft(draft);
  }
}

/** Removes a draft if it can; while an initdb that lost its parent still writes there, a later start has to. */
export async function removeDraft(draft: string): Promise<void> {
  try {
    await rm(draft, { recursive: true, force: true });
  } catch {
    // Nothing depends on it.
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
