import type { Failpoint, FailpointName } from '@tollbook/usecases';

/** What a process throws that dies at a failpoint. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Where a process dies next: at the `after + 1`-th passing of a failpoint, once. */
export class CrashPlan {
  private at: FailpointName | null = null;
  private passes = 0;

  readonly failpoint: Failpoint = (name) => {
    if (name !== this.at) return;
    this.passes -= 1;
    if (this.passes >= 0) return;
    this.at = null;
    throw new Crash(name);
  };

  plan(name: FailpointName, after = 0): void {
    this.at = name;
    this.passes = after;
  }

  /** Whether the planned death is still to come. */
  get isPlanned(): boolean {
    return this.at !== null;
  }

  cancel(): void {
    this.at = null;
  }
}
