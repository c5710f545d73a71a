/** What was counted within one month of UTC, and since when. Times are unix milliseconds. */
export type MonthCount = { readonly count: number; readonly sinceMs: number };

/** Before this much of a month is known, a forecast says nothing. */
const knownMsMin = 10 * 60_000;

/** What a month's count comes to if the rest goes on as what is known; null while too little is. */
export function monthForecast({ count, sinceMs }: MonthCount, nowMs: number): number | null {
  const now = new Date(nowMs);
  const beginMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const endMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
  const knownMs = nowMs - Math.max(sinceMs, beginMs);
  if (knownMs < knownMsMin) return null;
  return Math.round(count + (count / knownMs) * (endMs - nowMs));
}
