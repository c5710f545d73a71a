/** What a path that is filled in may be longer than its pattern, for an offer that names the URL of its request. */
const filledCharsMax = 256;

/** The longest URL that a request to an endpoint may have, so that its offers have room for it. */
export function longestUrl(publicUrl: string, gateSlug: string, path: string): string {
  const isPattern = /\/[:*]/.test(path);
  return `${publicUrl}/g/${gateSlug}${path}${isPattern ? 'x'.repeat(filledCharsMax) : ''}`;
}
