import { formatDecimal, type TermsVersion } from '@tollbook/domain';
import type { GateBook, GateEndpoint } from '@tollbook/usecases';
import { currentTerms } from '../gate/gate-snapshot.js';
import { offeredTerms } from '../gate/offered-terms.js';
import type { Moment } from './moment.js';

/** An endpoint that is sold now, with the terms that are asked for it. */
export type Priced = { readonly endpoint: GateEndpoint; readonly terms: TermsVersion };

/** What the gate would offer of a book at a moment, in the order of its paths. */
export function pricedEndpoints(
  { bookId, endpoints }: GateBook,
  { nowUnixSeconds, isOpen }: Moment,
): readonly Priced[] {
  return endpoints
    .flatMap((endpoint): Priced[] => {
      const current = endpoint.isEnabled ? currentTerms(endpoint, nowUnixSeconds) : undefined;
      const terms = current && offeredTerms(current, (network) => isOpen(bookId, network));
      return terms ? [{ endpoint, terms }] : [];
    })
    .sort((a, b) => compare(a.endpoint.path, b.endpoint.path) || compare(a.endpoint.method, b.endpoint.method));
}

/** The ways to pay, as version 2 of the protocol writes them, but for what each offer has of its own. */
export function requirementsOf({ networks, maxTimeoutSeconds }: TermsVersion) {
  return networks.map(({ network, asset, assetText, payToText, amountAtomic }) => ({
    scheme: 'exact',
    network,
    amount: amountAtomic.toString(),
    asset: assetText,
    payTo: payToText,
    maxTimeoutSeconds,
    extra: { ...asset.eip712 },
  }));
}

/** What is asked in whole units; it is the same on each network. */
export function priceOf({ networks: [first] }: TermsVersion): { readonly price: string; readonly currency: string } {
  if (!first) throw new Error('terms accept at least one network');
  return { price: formatDecimal(first.amountAtomic, first.asset.decimals), currency: first.asset.symbol };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
