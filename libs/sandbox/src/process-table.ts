import { readFileSync } from 'node:fs';

/** The command line of a running process, or null when it is gone or cannot be told (no /proc). */
export function commandLine(pid: number): readonly string[] | null {
  try {
    const parts = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return parts.length > 0 ? parts : null;
  } catch {
    return null;
  }
}

/** When a process started, in clock ticks since boot: with the pid it names one process for good. Null when gone. */
export function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may itself hold spaces and brackets.
    const afterCommand = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(afterCommand[19]);
    return Number.isSafeInteger(ticks) ? ticks : null;
  } catch {
    return null;
  }
}
