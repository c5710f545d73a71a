import { formatExact, formatSecond, formatTime } from './format-time.js';
import { useNow } from './use-now.js';
import { useZone } from './zone-context.js';

export interface TimeTextProps {
  at: string | null;
  /** What stands there while it has not happened. */
  otherwise?: string;
  /** Something that is to come: it stays ahead until it is due. */
  isToCome?: boolean;
  /** To the second, where seconds matter and nothing can hover. */
  isExact?: boolean;
}

/** A moment: how long ago up to a day, the date after; ISO text and exact time on hover. */
export function TimeText({ at, otherwise = '—', isToCome = false, isExact = false }: TimeTextProps) {
  const nowMs = useNow();
  const zone = useZone();
  if (at === null) return <span className="tb-muted">{otherwise}</span>;
  const atMs = Date.parse(at);
  // A moment just made by the server may be ahead of the last tick.
  const seenMs = isToCome ? nowMs : Math.max(nowMs, Math.min(atMs, nowMs + 15_000));
  const text = isToCome && atMs <= nowMs ? 'due' : isExact ? formatSecond(at, zone) : formatTime(at, seenMs, zone);
  return (
    <time dateTime={at} title={`${formatExact(at, zone)} · ${at}`} className="tb-num">
      {text}
    </time>
  );
}
