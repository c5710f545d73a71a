import {
  offerTtlSecondsDefault,
  type SettleMode,
  signSeconds,
  type TermsNetwork,
  type TermsVersion,
} from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { FormatAddress } from './payment-intent-view.js';
import type { PriceAmount, Receiver, TermsToCompile } from './ports/configuration-store.js';
import type { BookRecord } from './ports/records.js';
import { sendSeconds, verifySeconds } from './time-limits.js';

/** Terms as far as they follow from a price, the receiving wallets and the endpoint's own settings. */
export type CompiledTerms = {
  readonly kind: 'ok';
  readonly terms: Pick<TermsToCompile, 'settleMode' | 'offerTtlSeconds' | 'maxTimeoutSeconds' | 'networks'>;
};

/** Makes a price complete: everything a buyer is promised. Refused where a network has nobody who receives. */
export function compileTerms(
  deps: { readonly catalog: Catalog; readonly formatAddress: FormatAddress },
  endpoint: { readonly settleMode: SettleMode; readonly timeoutMs: number },
  amounts: readonly PriceAmount[],
  receivers: readonly Receiver[],
): CompiledTerms | ConfigurationRefusal {
  const networks: TermsNetwork[] = [];
  for (const { network, assetId, amountAtomic } of amounts) {
    const receiver = receivers.find((each) => each.network === network);
    if (!receiver) {
      return refuse('wallet_missing', 'networks', `Add a receiving wallet on ${network} first.`);
    }
    const asset = assetOf(deps.catalog, assetId);
    const assetText = deps.formatAddress(network, asset.contract);
    const payToText = deps.formatAddress(network, receiver.address);
    networks.push({ network, asset, walletId: receiver.walletId, assetText, payToText, amountAtomic });
  }
  const { settleMode, timeoutMs } = endpoint;
  const maxTimeoutSeconds = signSeconds(settleMode, timeoutMs, verifySeconds + sendSeconds);
  return { kind: 'ok', terms: { settleMode, offerTtlSeconds: offerTtlSecondsDefault, maxTimeoutSeconds, networks } };
}

/** The terms as an offer would have them, before they have a number: with the largest there can be. */
export function draftTerms(
  book: Pick<BookRecord, 'bookId' | 'mode'>,
  { endpointId, priceVersionId }: { readonly endpointId: string; readonly priceVersionId: string },
  { terms }: CompiledTerms,
  nowMs: number,
): TermsVersion {
  return {
    ...terms,
    endpointId,
    priceVersionId,
    bookId: book.bookId,
    mode: book.mode,
    number: 2n ** 48n - 1n,
    pricedQuery: [],
    pricesBody: false,
    inForceFromUnixSeconds: Math.floor(nowMs / 1000),
    supersededAtUnixSeconds: null,
    revokedAtUnixSeconds: null,
  };
}
