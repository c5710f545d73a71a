import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { ServerAccount } from './server-account.js';

/** Returns the outermost folder on the way to `folder` (itself included) that the account cannot enter, if any. */
export function findBlockingFolder(
  folder: string,
  account: ServerAccount,
): { folder: string; mode: string } | undefined {
  for (const step of stepsTo(folder)) {
    const stats = statSync(step);
    if (!canEnter(stats, account)) return { folder: step, mode: (stats.mode & 0o7777).toString(8).padStart(4, '0') };
  }
  return undefined;
}

/** Says whether mode bits let the account pass through a folder; the account is taken to be in its own group only. */
export function canEnter(stats: Pick<Stats, 'mode' | 'uid' | 'gid'>, account: ServerAccount): boolean {
  if (stats.uid === account.uid) return (stats.mode & 0o100) !== 0;
  if (stats.gid === account.gid) return (stats.mode & 0o010) !== 0;
  return (stats.mode & 0o001) !== 0;
}

function stepsTo(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [...stepsTo(parent), folder];
}
