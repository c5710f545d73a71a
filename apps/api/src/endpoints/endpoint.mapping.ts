import type { ChangeEndpoint, Endpoint, PriceVersion } from '@tollbook/contract';
import { type CapsChange, encodeId, formatDecimal, offerGraceSeconds, priceState } from '@tollbook/domain';
import {
  assetOf,
  type Catalog,
  type EndpointRecord,
  type EndpointTaking,
  type PriceVersionRecord,
} from '@tollbook/usecases';
import type { Caller } from '../accounts/caller.js';

/** What the wire form of an endpoint needs beside its record. */
export type EndpointContext = {
  readonly caller: Pick<Caller, 'mode' | 'gateSlug'>;
  readonly catalog: Catalog;
  readonly publicUrl: string;
  readonly nowMs: number;
  /** Of the last seven days. */
  readonly takings: readonly EndpointTaking[];
};

/** An endpoint as `/v1` shows it. */
export function toApiEndpoint(endpoint: EndpointRecord, context: EndpointContext): Endpoint {
  const { caller, publicUrl, nowMs } = context;
  const priceIn = (state: 'current' | 'scheduled') => {
    const price = endpoint.prices.find((each) => priceState(each, nowMs) === state);
    return price === undefined ? null : toApiPriceVersion(price, context);
  };
  const price = priceIn('current');
  const scheduledPrice = priceIn('scheduled');
  const { method, path, description, settleMode, timeoutMs, isEnabled, requiresIdentifier } = endpoint;
  return {
    id: encodeId('endpoint', endpoint.endpointId),
    mode: caller.mode,
    method,
    path,
    url: `${publicUrl}/g/${caller.gateSlug}${path}`,
    upstream: endpoint.upstreamUrl,
    description,
    settleMode,
    timeoutMs,
    isEnabled,
    paymentIdentifier: requiresIdentifier ? 'required' : 'optional',
    requestBytesMax: endpoint.caps.requestBytesMax,
    heldBytesMax: endpoint.caps.heldBytesMax,
    exposureMax: endpoint.caps.exposureMax?.toString() ?? null,
    state: stateOf(endpoint),
    networks: (price ?? scheduledPrice)?.networks ?? [],
    price,
    scheduledPrice,
    createdAt: new Date(endpoint.createdAtMs).toISOString(),
    archivedAt: endpoint.archivedAtMs === null ? null : new Date(endpoint.archivedAtMs).toISOString(),
    lastWeek: weekOf(endpoint, context),
  };
}

type WrittenCaps = Pick<ChangeEndpoint, 'requestBytesMax' | 'heldBytesMax' | 'exposureMax'>;

/** The caps that a body names; the others are undefined. */
export function fromApiCaps({ requestBytesMax, heldBytesMax, exposureMax }: WrittenCaps): CapsChange {
  return {
    requestBytesMax,
    heldBytesMax,
    exposureMax: typeof exposureMax === 'string' ? BigInt(exposureMax) : exposureMax,
  };
}

/** A price version as `/v1` shows it. Its amount is told once: in whole units it is the same on each network. */
export function toApiPriceVersion(
  price: PriceVersionRecord,
  { catalog, nowMs }: Pick<EndpointContext, 'catalog' | 'nowMs'>,
): PriceVersion {
  const [first] = price.amounts;
  if (!first) throw new Error('a price version has an amount on some network');
  const { symbol, decimals } = assetOf(catalog, first.assetId);
  const honoredSeconds = price.offerTtlSeconds + offerGraceSeconds;
  const isoOf = (ms: number) => new Date(ms).toISOString();
  return {
    id: encodeId('priceVersion', price.priceVersionId),
    version: price.versionNo,
    amount: formatDecimal(first.amountAtomic, decimals),
    amountAtomic: first.amountAtomic.toString(),
    asset: symbol,
    networks: price.amounts.map(({ network }) => network),
    author: price.author,
    reason: price.reason,
    state: priceState(price, nowMs),
    activeFrom: isoOf(price.activeFromMs),
    activeTo: price.activeToMs === null ? null : isoOf(price.activeToMs),
    honoredUntil: price.activeToMs === null ? null : isoOf(price.activeToMs + honoredSeconds * 1000),
    createdAt: isoOf(price.createdAtMs),
  };
}

/** What it took in its price's token; of another token that was asked for earlier in the week nothing is added. */
function weekOf(endpoint: EndpointRecord, { catalog, takings, nowMs }: EndpointContext) {
  const own = takings.filter(({ endpointId }) => endpointId === endpoint.endpointId);
  const price = endpoint.prices.find((each) => priceState(each, nowMs) === 'current') ?? endpoint.prices[0];
  const assetId = price?.amounts[0]?.assetId ?? own[0]?.assetId ?? catalog.assets[0]?.assetId;
  if (assetId === undefined) return undefined;
  const { symbol, decimals } = assetOf(catalog, assetId);
  const same = own.filter((taking) => {
    const asset = assetOf(catalog, taking.assetId);
    return asset.symbol === symbol && asset.decimals === decimals;
  });
  const atomic = same.reduce((sum, { amountAtomic }) => sum + amountAtomic, 0n);
  return {
    payments: same.reduce((sum, { count }) => sum + count, 0),
    revenue: formatDecimal(atomic, decimals),
    revenueAtomic: atomic.toString(),
    asset: symbol,
  };
}

function stateOf({ archivedAtMs, isEnabled }: EndpointRecord): Endpoint['state'] {
  if (archivedAtMs !== null) return 'archived';
  return isEnabled ? 'active' : 'disabled';
}
