import type { ProcessIdentity } from '../supervisor/process-identity.js';

/** What the reaper has to end once the supervisor is gone; each order replaces the one before. */
export type ReaperOrder = {
  /** Node children: they end by themselves when the supervisor is gone, and are killed if they do not. */
  readonly children: readonly ProcessIdentity[];
  /** Processes that only end when they are told, such as the sandbox's chain. */
  readonly others: readonly ProcessIdentity[];
  /** Folder of the embedded cluster, ended last; null for a database that is not ours. */
  readonly clusterDir: string | null;
};

export const nothingToReap: ReaperOrder = { children: [], others: [], clusterDir: null };

/** One order as a line of its channel. */
export function encodeOrder(order: ReaperOrder): string {
  return `${JSON.stringify(order)}\n`;
}

/** The last whole order of what was read; null when there is none. */
export function lastOrder(text: string): ReaperOrder | null {
  const lines = text.split('\n').slice(0, -1);
  const last = lines.at(-1);
  return last === undefined ? null : parseOrder(JSON.parse(last));
}

function parseOrder(value: unknown): ReaperOrder {
  if (typeof value !== 'object' || value === null) return nothingToReap;
  const { children, others, clusterDir } = { ...nothingToReap, ...value } as Record<string, unknown>;
  return {
    children: Array.isArray(children) ? children.flatMap(parseIdentity) : [],
    others: Array.isArray(others) ? others.flatMap(parseIdentity) : [],
    clusterDir: typeof clusterDir === 'string' ? clusterDir : null,
  };
}

function parseIdentity(value: unknown): ProcessIdentity[] {
  if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return [];
  const startMark = 'startMark' in value && typeof value.startMark === 'string' ? value.startMark : null;
  return [{ pid: value.pid, startMark }];
}
