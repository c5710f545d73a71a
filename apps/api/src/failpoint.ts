import type { Failpoint } from '@tollbook/usecases';

/** The named failpoint kills this process as `kill -9` would; without a name, and at every other, nothing happens. */
export function failpointOf(name: string | undefined): Failpoint {
  if (name === undefined) return () => {};
  return (reached) => {
    if (reached === name) process.kill(process.pid, 'SIGKILL');
  };
}
