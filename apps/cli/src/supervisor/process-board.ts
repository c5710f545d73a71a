import type { ReaperOrder } from '../reaper/reaper-order.js';
import { identify, type ProcessIdentity } from './process-identity.js';

/** Every process of this instance that runs now, for whoever has to find them without us. */
export class ProcessBoard {
  readonly #processes = new Map<string, ProcessIdentity>();

  constructor(private readonly onChange: () => void) {}

  add(name: string, pid: number): void {
    this.#processes.set(name, identify(pid));
    this.onChange();
  }

  remove(...names: readonly string[]): void {
    for (const name of names) this.#processes.delete(name);
    this.onChange();
  }

  /** Process ids and start marks by name, as the runtime file holds them. */
  toRuntime(): { pids: Record<string, number>; startMarks: Record<string, string | null> } {
    const entries = [...this.#processes];
    return {
      pids: Object.fromEntries(entries.map(([name, { pid }]) => [name, pid])),
      startMarks: Object.fromEntries(entries.map(([name, { startMark }]) => [name, startMark])),
    };
  }

  /** What is to be ended if we die now. */
  toReaperOrder(clusterDir: string | null): ReaperOrder {
    const some = (names: readonly string[]) => names.flatMap((name) => this.#processes.get(name) ?? []);
    return { children: some(['api', 'worker', 'sandbox']), others: some(['anvil']), clusterDir };
  }
}
