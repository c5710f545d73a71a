import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process for good: a process id alone is given to another process later. */
export type ProcessIdentity = {
  readonly pid: number;
  /** When it began, in the system's own words; null where the system does not tell. */
  readonly startMark: string | null;
};

/** The identity of a process that runs now. */
export function identify(pid: number): ProcessIdentity {
  const look = lookAt(pid);
  return { pid, startMark: look.kind === 'running' ? look.startMark : null };
}

/** Whether this very process still runs; where marks are not told, whether any process has its id. */
export function isRunning(identity: ProcessIdentity): boolean {
  const look = lookAt(identity.pid);
  if (look.kind === 'gone') return false;
  return identity.startMark === null || look.startMark === null || identity.startMark === look.startMark;
}

/** Signals the process if it is the very one; without a mark to be sure by, nothing is sent. Answers whether it was. */
export function signalIfSame(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (identity.startMark === null || !isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

type Look = { readonly kind: 'gone' } | { readonly kind: 'running'; readonly startMark: string | null };

function lookAt(pid: number): Look {
  if (!exists(pid)) return { kind: 'gone' };
  return process.platform === 'linux' ? lookInProc(pid) : askPs(pid);
}

/** A process of another account answers with EPERM, and exists. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process that ended and was not collected by its parent (a zombie) counts as gone: it holds nothing any more. */
function lookInProc(pid: number): Look {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may itself hold spaces and brackets.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return { kind: 'gone' };
    // Field 22: clock ticks since the machine started, so the boot is part of the mark.
    return { kind: 'running', startMark: `${bootId()}/${fields[18]}` };
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code));
    return isGone ? { kind: 'gone' } : { kind: 'running', startMark: null };
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function askPs(pid: number): Look {
  try {
    const answer = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', `${pid}`], { encoding: 'utf8', timeout: 2_000 });
    const [state = '', ...began] = answer.trim().split(/\s+/);
    if (state === '' || state.startsWith('Z')) return { kind: 'gone' };
    return { kind: 'running', startMark: began.join(' ') };
  } catch {
    return { kind: 'running', startMark: null };
  }
}
