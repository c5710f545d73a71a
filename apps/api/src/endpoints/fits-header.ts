import type { SoldOffer } from '@tollbook/usecases';
import { challengeFits } from '@tollbook/x402';
import { longestUrl } from '../gate/longest-url.js';

/** The longest method that is shown where an endpoint has no description. */
const longestMethod = 'DELETE';

/** Whether the offer of an endpoint fits into its header at the longest that it gets. */
export function fitsHeader(publicUrl: string, { terms, gateSlug, path, description }: SoldOffer): boolean {
  const resourceUrl = longestUrl(publicUrl, gateSlug, path);
  const shown = description === '' ? `${longestMethod} ${path}` : description;
  return challengeFits({ terms, resourceUrl, description: shown, mimeType: 'application/json' });
}
