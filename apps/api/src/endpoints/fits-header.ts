import type { SoldOffer } from '@tollbook/usecases';
import { challengeFits } from '@tollbook/x402';

/** What a path that is filled in may be longer than its pattern, for an offer that names the URL of its request. */
const filledCharsMax = 256;
/** The longest method that is shown where an endpoint has no description. */
const longestMethod = 'DELETE';

/** Whether the offer of an endpoint fits into its header at the longest that it gets. */
export function fitsHeader(publicUrl: string, { terms, gateSlug, path, description }: SoldOffer): boolean {
  const isPattern = /\/[:*]/.test(path);
  const resourceUrl = `${publicUrl}/g/${gateSlug}${path}${isPattern ? 'x'.repeat(filledCharsMax) : ''}`;
  const shown = description === '' ? `${longestMethod} ${path}` : description;
  return challengeFits({ terms, resourceUrl, description: shown, mimeType: 'application/json' });
}
