/** Why a path has more than one spelling, or could be read in more than one way. */
export type PathFault =
  | 'not_rooted'
  | 'character_not_allowed'
  | 'empty_segment'
  | 'dot_segment'
  | 'percent_malformed'
  | 'percent_needless';

/**
 * Whether a raw request path has exactly one spelling, so that the gate and an upstream can never read it
 * differently (A26): it starts with one slash, has no empty, `.` or `..` segment, no `\`, `;` or control character,
 * and percent signs only where a byte cannot stand as itself, in upper-case hex.
 */
export function isCanonicalPath(path: string): boolean {
  return pathFault(path) === null;
}

/** The first thing that makes a path not canonical, or null. */
export function pathFault(path: string): PathFault | null {
  if (!path.startsWith('/')) return 'not_rooted';
  if (!/^[\x21-\x7e]*$/.test(path) || /[\\;"<>^`{|}#?]/.test(path)) return 'character_not_allowed';
  const segments = path.slice(1).split('/');
  if (segments.some((segment, at) => segment === '' && at < segments.length - 1)) return 'empty_segment';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'dot_segment';
  for (const match of path.matchAll(/%(.{0,2})/g)) {
    const hex = match[1] ?? '';
    if (!/^[0-9A-F]{2}$/.test(hex)) return 'percent_malformed';
    if (!mustBeEncoded(Number.parseInt(hex, 16))) return 'percent_needless';
  }
  return null;
}

/** Bytes that have no plain spelling in a path and hide no separator: not unreserved, not `/ \ ; . NUL` or a control. */
function mustBeEncoded(byte: number): boolean {
  if (byte >= 0x80) return true;
  return ' "<>^`{|}#?%'.includes(String.fromCharCode(byte));
}
