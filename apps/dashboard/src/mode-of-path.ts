export type Mode = 'test' | 'live';

/** The mode a path belongs to; null for the pages that belong to none, such as the sign-in. */
export function modeOfPath(path: string): Mode | null {
  const [, first] = path.split('/');
  return first === 'test' || first === 'live' ? first : null;
}
