// What a process has used of its cores: on a machine that others use too, rates say little and this says much.
import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Seconds of CPU time that a process has used so far; NaN where the system does not tell. */
export function cpuSeconds(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, , , , , , , , , , , user, system] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(user) + Number(system)) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
}

/** The children of a process. */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}

/** The child of a process whose command line has `part` in it. */
export function childOf(pid, part) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.map(Number).find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(part));
  } catch {
    return undefined;
  }
}
