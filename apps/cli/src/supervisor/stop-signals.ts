/** A terminal's Ctrl-C under npm arrives twice: from the terminal and handed on by npm. */
const sameWishMs = 1_000;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignals = {
  /** Aborted by the first signal. */
  readonly asked: AbortSignal;
  /** No longer listens. */
  readonly close: () => void;
};

/** Listens for the wish to end; a second signal, at least a second after the first, calls `onHurry`. */
export function listenForStopSignals(onHurry: () => void): StopSignals {
  const asked = new AbortController();
  let firstAtMs: number | undefined;
  const onSignal = () => {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      asked.abort();
    } else if (performance.now() - firstAtMs > sameWishMs) {
      onHurry();
    }
  };
  for (const name of stopSignals) process.on(name, onSignal);
  return {
    asked: asked.signal,
    close: () => {
      for (const name of stopSignals) process.off(name, onSignal);
    },
  };
}
