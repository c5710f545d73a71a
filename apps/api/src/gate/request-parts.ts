/** A request target under `/g/`, taken apart without decoding: what is matched is what came. */
export type RequestParts = {
  readonly slug: string;
  /** From the slash after the slug. */
  readonly path: string;
  /** After the first `?`, or empty. */
  readonly rawQuery: string;
  /** The whole path, as it stands in `resource.url`. */
  readonly fullPath: string;
};

/** Takes `/g/<slug>/<path>?<query>` apart; null when it is not of that form. */
export function requestParts(target: string): RequestParts | null {
  const queryAt = target.indexOf('?');
  const fullPath = queryAt === -1 ? target : target.slice(0, queryAt);
  const rawQuery = queryAt === -1 ? '' : target.slice(queryAt + 1);
  if (!fullPath.startsWith('/g/')) return null;
  const slashAt = fullPath.indexOf('/', 3);
  if (slashAt === -1) return null;
  return { slug: fullPath.slice(3, slashAt), path: fullPath.slice(slashAt), rawQuery, fullPath };
}

/** Query parameters in order, decoded once. */
export function queryPairs(rawQuery: string): [string, string][] {
  return rawQuery === '' ? [] : [...new URLSearchParams(rawQuery)];
}

/** Whether a v2 `resource.url` names this path; its host is the client's word and is not looked at (A32). */
export function isSamePath(resourceUrl: string, fullPath: string): boolean {
  try {
    return new URL(resourceUrl).pathname === fullPath;
  } catch {
    return false;
  }
}
