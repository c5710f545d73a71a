import type { ScheduleSight, StoredWorkerReport } from './ports/health-store.js';

export type ScheduleHealth = ScheduleSight & {
  readonly state: 'ok' | 'warning';
  readonly reason: 'failed' | 'overdue' | 'never_ran' | null;
  readonly nextAtMs: number | null;
};

/** A run may take a while, and a lease may have to pass from a process that died. */
const slackMs = 60_000;

/**
 * Each schedule with its last run in any process, by name. A schedule runs in one worker of many, so what matters is the
 * newest run of all, also of workers that are gone.
 */
export function judgeSchedules(
  nowMs: number,
  reports: readonly StoredWorkerReport[],
  alive: readonly StoredWorkerReport[],
): ScheduleHealth[] {
  const newest = new Map<string, ScheduleSight>();
  // Told by the youngest process last: its interval is the one that counts now.
  const sights = [...reports].sort((a, b) => a.seenAtMs - b.seenAtMs).flatMap(({ schedules }) => schedules);
  for (const sight of sights) {
    const known = newest.get(sight.name)?.last ?? null;
    const isNewer = sight.last !== null && (known === null || sight.last.startedAtMs > known.startedAtMs);
    newest.set(sight.name, isNewer ? sight : { ...sight, last: known });
  }
  const aliveSinceMs = Math.min(...alive.map(({ startedAtMs }) => startedAtMs), nowMs);
  return [...newest.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((sight) => judge(sight, { nowMs, aliveSinceMs, hasWorker: alive.length > 0 }));
}

function judge(
  sight: ScheduleSight,
  { nowMs, aliveSinceMs, hasWorker }: { nowMs: number; aliveSinceMs: number; hasWorker: boolean },
): ScheduleHealth {
  const { everyMs, last } = sight;
  if (last === null) {
    const isLate = nowMs - aliveSinceMs > everyMs + slackMs;
    return isLate
      ? { ...sight, nextAtMs: null, state: 'warning', reason: 'never_ran' }
      : { ...sight, nextAtMs: null, state: 'ok', reason: null };
  }
  const nextAtMs = hasWorker ? last.startedAtMs + everyMs : null;
  if (nowMs - last.finishedAtMs > everyMs + slackMs) return { ...sight, nextAtMs, state: 'warning', reason: 'overdue' };
  if (last.outcome === 'failed') return { ...sight, nextAtMs, state: 'warning', reason: 'failed' };
  return { ...sight, nextAtMs, state: 'ok', reason: null };
}
