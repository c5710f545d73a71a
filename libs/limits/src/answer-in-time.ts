/** Told how the store does, for the log and the metrics. */
export type StoreWatch = {
  /** It failed or did not answer, after having answered. */
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
  /** A call that went uncounted. */
  readonly onUncounted: () => void;
};

/** A buyer waits no longer than this for a limit to be looked up. */
const answerMsMax = 500;
/** After a failure nobody asks for this long, so that an outage costs one request the wait, not every one. */
const restMs = 1_000;

/** Asks a store that may be away: resolves to null where it fails, is late, or failed a moment ago. Never throws. */
export function answerInTime(watch: StoreWatch): <T>(ask: () => Promise<T>) => Promise<T | null> {
  let restsUntil = Number.NEGATIVE_INFINITY;
  let isAway = false;
  return async (ask) => {
    if (performance.now() < restsUntil) {
      watch.onUncounted();
      return null;
    }
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${answerMsMax} ms`)), answerMsMax);
      });
      const answer = await Promise.race([ask(), late]);
      if (isAway) watch.onBack();
      isAway = false;
      return answer;
    } catch (error) {
      restsUntil = performance.now() + restMs;
      if (!isAway) watch.onAway(error);
      isAway = true;
      watch.onUncounted();
      return null;
    } finally {
      clearTimeout(timer);
    }
  };
}
