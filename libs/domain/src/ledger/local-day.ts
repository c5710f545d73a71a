/** The accounting day of a moment in a book's zone, as `2026-11-20`. Throws on a zone that does not exist. */
export function localDay(unixSeconds: number, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(unixSeconds * 1000);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The year whose invoice numbers a moment draws from, in the book's zone. */
export function localYear(unixSeconds: number, timeZone: string): number {
  return Number(localDay(unixSeconds, timeZone).slice(0, 4));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using one, and a process knows few zones. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, made);
  return made;
}
