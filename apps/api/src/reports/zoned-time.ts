/** A moment as ISO 8601 with the offset that a zone has then, such as `2026-11-20T10:00:00+01:00`. */
export function zonedTime(unixMs: number, zone: string): string {
  const minutes = Math.round((wallClockMs(unixMs, zone) - Math.floor(unixMs / 1000) * 1000) / 60_000);
  const local = new Date(Math.floor(unixMs / 1000) * 1000 + minutes * 60_000).toISOString().slice(0, 19);
  const [sign, size] = minutes < 0 ? ['-', -minutes] : ['+', minutes];
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${local}${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock of the zone shows, read as if it were UTC. */
function wallClockMs(unixMs: number, zone: string): number {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, ...fields, ...clock });
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(unixMs).map(({ type, value }) => [type, value]));
  const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
  return Date.parse(`${year}-${month}-${day}T${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}Z`);
}
