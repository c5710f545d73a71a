/** When a process that died is started again, and when no longer. Times are milliseconds. */
export type RestartLimits = {
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** After this long without a death the delay begins anew. */
  readonly healthyMs: number;
  readonly deathsMax: number;
  readonly windowMs: number;
};

export const restartLimits: RestartLimits = {
  delayMsMin: 200,
  delayMsMax: 5_000,
  healthyMs: 30_000,
  deathsMax: 6,
  windowMs: 60_000,
};

/** What is remembered of one process's deaths. */
export type RestartState = { readonly deathsAtMs: readonly number[]; readonly delayMs: number | null };

export type RestartVerdict =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly state: RestartState }
  | { readonly kind: 'give_up'; readonly deaths: number };

export const noDeaths: RestartState = { deathsAtMs: [], delayMs: null };

/** Decides after a death: again, after a delay that doubles, or not at all once it died too often within the window. */
export function afterDeath(
  state: RestartState,
  death: { readonly nowMs: number; readonly healthyForMs: number },
  limits: RestartLimits = restartLimits,
): RestartVerdict {
  const { nowMs, healthyForMs } = death;
  const deathsAtMs = [...state.deathsAtMs.filter((at) => nowMs - at < limits.windowMs), nowMs];
  if (deathsAtMs.length >= limits.deathsMax) return { kind: 'give_up', deaths: deathsAtMs.length };
  const isAnew = state.delayMs === null || healthyForMs >= limits.healthyMs;
  const delayMs = isAnew ? limits.delayMsMin : Math.min((state.delayMs ?? 0) * 2, limits.delayMsMax);
  return { kind: 'restart', delayMs, state: { deathsAtMs, delayMs } };
}
