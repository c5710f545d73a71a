const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Relative up to a day, absolute after; in the book's time zone. */
export function formatTime(iso: string, nowMs: number, timeZone: string): string {
  const atMs = Date.parse(iso);
  const ageMs = nowMs - atMs;
  if (Math.abs(ageMs) >= dayMs) return formatAbsolute(iso, timeZone);
  const distance = distanceText(Math.abs(ageMs));
  if (distance === null) return ageMs >= -5_000 ? 'just now' : 'in a moment';
  return ageMs >= 0 ? `${distance} ago` : `in ${distance}`;
}

function distanceText(ms: number): string | null {
  if (ms < 5_000) return null;
  if (ms < minuteMs) return `${Math.floor(ms / 1_000)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return `${Math.floor(ms / hourMs)} h`;
}

/** Day and minute, with the year only when it is not the current one. */
function formatAbsolute(iso: string, timeZone: string): string {
  const date = new Date(iso);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(date);
}

/** To the second, with the zone named: what hover and copy give beside the ISO text. */
export function formatExact(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(new Date(iso));
}

/** Day and time to the second, for a list of steps that lie close together. */
export function formatSecond(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(iso));
}

/** The days from one to another, with the year: `1–20 Nov 2026`, or one day alone. */
export function formatDays(firstDay: string, lastDay: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
  return format.formatRange(new Date(`${firstDay}T00:00:00Z`), new Date(`${lastDay}T00:00:00Z`));
}

/** A day such as `2026-11-20`, without a zone to shift it. */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** The minute of a day, such as `14:00`. */
export function formatClock(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** The time between two moments, for a timeline. */
export function formatGap(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < minuteMs) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ${Math.floor((ms % minuteMs) / 1_000)} s`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h ${Math.floor((ms % hourMs) / minuteMs)} min`;
  return `${Math.floor(ms / dayMs)} d ${Math.floor((ms % dayMs) / hourMs)} h`;
}
