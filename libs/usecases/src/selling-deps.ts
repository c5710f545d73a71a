import type { TermsVersion } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import type { FormatAddress } from './payment-intent-view.js';
import type { ConfigurationStore } from './ports/configuration-store.js';
import type { StandingOf } from './ports/network-standing.js';

/** What deciding about endpoints and prices needs of the world. */
export type SellingDeps = {
  readonly configuration: ConfigurationStore;
  readonly catalog: Catalog;
  readonly formatAddress: FormatAddress;
  readonly standingOf: StandingOf;
  /** Whether a URL may be called: null, or why not. */
  readonly vetUrl: (url: string) => Promise<'invalid_url' | 'address_blocked' | null>;
  /** Whether the offer of an endpoint fits into the header that carries it. */
  readonly fitsHeader: (offer: SoldOffer) => boolean;
};

/** What an offer says beside its invoice id. */
export type SoldOffer = {
  readonly terms: TermsVersion;
  readonly gateSlug: string;
  readonly path: string;
  readonly description: string;
};
