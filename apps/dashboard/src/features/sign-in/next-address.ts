import { type Mode, modeOfPath } from '../../mode-of-path.js';

/** Where to go after the sign-in: back to where one came from, if that is a page of ours, else to the first book. */
export function nextAddress(search: string, firstMode: Mode): string {
  const next = new URLSearchParams(search).get('next');
  const isOurs =
    next !== null && /^\/(?![/\\])/.test(next) && modeOfPath(new URL(next, 'http://here').pathname) !== null;
  return isOurs ? next : `/${firstMode}`;
}
