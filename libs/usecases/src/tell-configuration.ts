import { formatDecimal, type JsonValue } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { EndpointRecord, PriceAmount } from './ports/configuration-store.js';

/** How configuration stands in the audit log: names and values as the merchant API has them. */
export function endpointForAudit(endpoint: EndpointRecord): { readonly [key: string]: JsonValue } {
  const { method, path, upstreamUrl, description, settleMode, timeoutMs, isEnabled, requiresIdentifier } = endpoint;
  const { requestBytesMax, heldBytesMax, exposureMax } = endpoint.caps;
  return {
    ...{ method, path, upstream: upstreamUrl, description, settleMode, timeoutMs, isEnabled, requiresIdentifier },
    ...{ requestBytesMax, heldBytesMax, exposureMax: exposureMax?.toString() ?? null },
  };
}

/** The amounts of a price, network by network. */
export function priceForAudit(catalog: Catalog, amounts: readonly PriceAmount[]): JsonValue {
  return amounts.map(({ network, assetId, amountAtomic }) => {
    const { symbol, decimals } = assetOf(catalog, assetId);
    return { network, amount: formatDecimal(amountAtomic, decimals), asset: symbol };
  });
}
