import { formatExact, formatTime } from './format-time.js';
import { useNow } from './use-now.js';
import { useZone } from './zone-context.js';

export interface TimeTextProps {
  at: string | null;
  /** What stands there while it has not happened. */
  otherwise?: string;
}

/** A moment: how long ago up to a day, the date after; ISO text and exact time on hover. */
export function TimeText({ at, otherwise = '—' }: TimeTextProps) {
  const nowMs = useNow();
  const zone = useZone();
  if (at === null) return <span className="tb-muted">{otherwise}</span>;
  // A moment just made by the server may be ahead of the last tick.
  const text = formatTime(at, Math.max(nowMs, Math.min(Date.parse(at), nowMs + 15_000)), zone);
  return (
    <time dateTime={at} title={`${formatExact(at, zone)} · ${at}`} className="tb-num">
      {text}
    </time>
  );
}
