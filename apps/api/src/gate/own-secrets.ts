/** What this instance gives its own users: API keys, in both modes, and passes. */
const ownToken = /(?:tbk_(?:test|live)|tbp)_[a-z0-9]/i;
/** A browser's session with the dashboard, under whatever prefix its cookie has. */
const ownCookie = /^(?:__secure-|__host-)?tollbook\./i;

/** Whether a header's value holds a key or a pass of ours, also as a name or password of Basic authentication. */
export function hasOwnToken(value: string): boolean {
  if (ownToken.test(value)) return true;
  const [, basic] = /^\s*basic\s+(\S+)/i.exec(value) ?? [];
  return basic !== undefined && ownToken.test(Buffer.from(basic, 'base64').toString('latin1'));
}

/** A `Cookie` header without our own; null where none is left. */
export function withoutOwnCookies(value: string): string | null {
  const kept = value.split(';').filter((pair) => !ownCookie.test(pair.trim()) && !ownToken.test(pair));
  const text = kept.join(';').trim();
  return text === '' ? null : text;
}

/** A query without parameters that hold a key or a pass of ours; what is left stays as it was spelled. */
export function withoutOwnTokens(rawQuery: string): string {
  return keptParameters(rawQuery, (name, value) => !ownToken.test(name) && !ownToken.test(value));
}

/** The parameters of a query that may stay, by their decoded names and values, as they were spelled. */
export function keptParameters(rawQuery: string, isKept: (name: string, value: string) => boolean): string {
  const parts = rawQuery.split('&').filter((part) => {
    for (const [name, value] of new URLSearchParams(part)) if (!isKept(name, value)) return false;
    return true;
  });
  return parts.join('&');
}
