/** What a `Retry-After` asks for, in seconds from `nowMs`: a number or a date of HTTP. Null where it cannot be read. */
export function retryAfterSeconds(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value);
  // `Date.parse` also reads bare numbers and dates without a zone; a date of HTTP ends in GMT.
  const at = value.endsWith('GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1000));
}
