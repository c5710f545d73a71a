/**
 * Whether a raw request path has exactly one spelling, so that the gate and an upstream can never read it
 * differently (A26): it starts with one slash, has no empty, `.` or `..` segment, no `\`, `;` or control character,
 * and percent signs only where a byte cannot stand as itself, in upper-case hex.
 */
export function isCanonicalPath(path: string): boolean {
  if (!/^\/[\x21-\x7e]*$/.test(path) || /[\\;"<>^`{|}#?]/.test(path)) return false;
  const segments = path.slice(1).split('/');
  const isInnerEmpty = segments.some((segment, at) => segment === '' && at < segments.length - 1);
  if (isInnerEmpty || segments.some((segment) => segment === '.' || segment === '..')) return false;
  for (const match of path.matchAll(/%(.{0,2})/g)) {
    const hex = match[1] ?? '';
    if (!/^[0-9A-F]{2}$/.test(hex) || !mustBeEncoded(Number.parseInt(hex, 16))) return false;
  }
  return true;
}

/** Bytes that have no plain spelling in a path and hide no separator: not unreserved, not `/ \ ; . NUL` or a control. */
function mustBeEncoded(byte: number): boolean {
  if (byte >= 0x80) return true;
  return ' "<>^`{|}#?%'.includes(String.fromCharCode(byte));
}
