import { useEffect, useState } from 'react';
import { useLiveState } from '../api/live-context.js';
import type { LiveState } from '../api/live-feed.js';
import classes from './live-indicator.module.css';

/** How the stream is, in words; a click pauses it. */
export function LiveIndicator() {
  const { state, togglePause } = useLiveState();
  const words = useWords(state);
  return (
    <button
      type="button"
      className={classes.button}
      data-state={state.kind}
      onClick={togglePause}
      title={state.kind === 'paused' ? 'Resume live updates' : 'Pause live updates'}
    >
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.words}>{words}</span>
    </button>
  );
}

function useWords(state: LiveState): string {
  const [nowMs, setNowMs] = useState(Date.now());
  const isCounting = state.kind === 'reconnecting';
  useEffect(() => {
    if (!isCounting) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isCounting]);
  switch (state.kind) {
    case 'live':
      return 'Up to date';
    case 'connecting':
      return 'Connecting';
    case 'paused':
      return 'Paused by you';
    case 'offline':
      return 'Offline';
    case 'reconnecting':
      return `Reconnecting in ${Math.max(0, Math.ceil((state.retryAtMs - nowMs) / 1_000))} s`;
  }
}
