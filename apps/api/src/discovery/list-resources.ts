import type { GateBook } from '@tollbook/usecases';
import type { Moment } from './moment.js';
import { pricedEndpoints, requirementsOf } from './priced-resource.js';

/**
 * What books sell, as crawlers of paid resources read it: `resources` holds every URL that can be called as it stands,
 * `items` each endpoint with its terms, patterns among them.
 */
export function listResources(books: readonly GateBook[], moment: Moment, publicUrl: string) {
  const items = books.flatMap((book) =>
    pricedEndpoints(book, moment).map(({ endpoint, terms }) => {
      const { method, path, description } = endpoint;
      const shop = `${publicUrl}/g/${book.gateSlug}`;
      const isPattern = /\/[:*]/.test(path);
      return {
        resource: `${shop}${path}`,
        type: 'http',
        x402Version: 2,
        method,
        ...(isPattern ? { routeTemplate: path } : {}),
        description,
        accepts: requirementsOf(terms),
        openapi: `${shop}/openapi.json`,
        lastUpdated: new Date(terms.inForceFromUnixSeconds * 1000).toISOString(),
      };
    }),
  );
  const callable = items.filter(({ routeTemplate }) => routeTemplate === undefined).map(({ resource }) => resource);
  return { version: 1, x402Version: 2, resources: [...new Set(callable)], items };
}
