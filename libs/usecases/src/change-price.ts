import { encodeId, priceState } from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { compileTerms, draftTerms } from './compile-terms.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type {
  ConfigurationCaller,
  ConfigurationTx,
  EndpointRecord,
  PriceVersionRecord,
} from './ports/configuration-store.js';
import { priceAmounts } from './price-amounts.js';
import type { SellingDeps } from './selling-deps.js';
import { priceForAudit } from './tell-configuration.js';
import { vetNetworks } from './vet-networks.js';

export type NewPrice = {
  /** Made by the caller; a second run with the same one returns what the first made. */
  readonly priceVersionId: string;
  readonly endpointId: string;
  readonly amount: string;
  readonly asset: string | null;
  readonly networks: readonly string[] | null;
  readonly isFree: boolean;
  readonly reason: string;
  /** Null: at once. */
  readonly effectiveFromMs: number | null;
};

export type PriceResult = { readonly kind: 'ok'; readonly price: PriceVersionRecord } | ConfigurationRefusal;

/** How far off the caller's clock may be, and how far ahead a price may be planned. */
const pastMsMax = 60_000;
const aheadMsMax = 366 * 86_400_000;

/**
 * Makes the next price version of an endpoint. It is quoted within a second of its time; offers made before keep their
 * price until their grace ends. A price that was planned and has not begun is taken back.
 */
export async function changePrice(
  deps: SellingDeps,
  caller: ConfigurationCaller & { readonly mode: 'test' | 'live' },
  input: NewPrice,
): Promise<PriceResult> {
  const { endpointId, priceVersionId, reason } = input;
  return deps.configuration.change<PriceResult>(caller, async (tx) => {
    const made = await tx.priceVersion(priceVersionId);
    if (made) return { result: { kind: 'ok', price: made }, audit: [] };
    const endpoint = await tx.endpoint(endpointId);
    if (!endpoint) return { result: refuse('not_found', null, 'No endpoint has this id.'), audit: [] };
    const decided = await decide(deps, tx, endpoint, input, caller.mode);
    if (decided.kind === 'refused') return { result: decided, audit: [] };
    const { amounts, terms, fromMs } = decided;
    await tx.insertPriceVersion({
      priceVersionId,
      endpointId,
      author: caller.actor.name,
      reason,
      effectiveFromMs: fromMs,
      amounts,
    });
    await tx.endTerms(endpointId, fromMs);
    await tx.insertTerms({ ...terms, endpointId, priceVersionId, inForceFromMs: fromMs, untilMs: null });
    const price = await tx.priceVersion(priceVersionId);
    if (!price) throw new Error('a price version that was written can be read');
    const before = currentPrice(endpoint, tx.nowMs);
    const audit = {
      action: 'price.changed',
      targetKind: 'endpoint',
      targetId: encodeId('endpoint', endpointId),
      before: before ? { version: before.versionNo, price: priceForAudit(deps.catalog, before.amounts) } : null,
      after: {
        version: price.versionNo,
        price: priceForAudit(deps.catalog, amounts),
        activeFrom: new Date(fromMs).toISOString(),
      },
      reason,
    };
    return { result: { kind: 'ok', price }, audit: [audit] };
  });
}

async function decide(
  deps: SellingDeps,
  tx: ConfigurationTx,
  endpoint: EndpointRecord,
  input: NewPrice,
  mode: 'test' | 'live',
) {
  if (endpoint.archivedAtMs !== null) {
    return refuse('endpoint_archived', null, 'An archived endpoint gets no price.');
  }
  const fromMs = input.effectiveFromMs ?? tx.nowMs;
  if (fromMs < tx.nowMs - pastMsMax || fromMs > tx.nowMs + aheadMsMax) {
    const detail = 'A price begins now, or up to a year ahead: what was quoted is not changed afterwards.';
    return refuse('price_effective_from_invalid', 'effectiveFrom', detail);
  }
  const amounts = amountsOf(deps, endpoint, input, mode, tx.nowMs);
  if (amounts.kind === 'refused') return amounts;
  // Networks that are kept from the price before were vetted with it; a node that went since stops no price change.
  const closed = vetNetworks(deps.standingOf, input.networks ?? [], (at) => `networks.${at}`);
  if (closed) return closed;
  const compiled = compileTerms(deps, endpoint, amounts.amounts, await tx.receivers());
  if (compiled.kind === 'refused') return compiled;
  const { path, description } = endpoint;
  const offer = { terms: draftTerms(tx.book, input, compiled, tx.nowMs), gateSlug: tx.book.gateSlug };
  if (!deps.fitsHeader({ ...offer, path, description })) {
    return refuse('challenge_too_large', 'networks', 'The offer is too long for a header: name fewer networks.');
  }
  // The gate counts in seconds; a planned price must not be quoted a moment early.
  const beginMs = fromMs > tx.nowMs ? Math.ceil(fromMs / 1000) * 1000 : tx.nowMs;
  return { ...compiled, amounts: amounts.amounts, fromMs: beginMs };
}

/** What a new price is on each network; asset and networks are those of the price before where they are left out. */
export function amountsOf(
  deps: Pick<SellingDeps, 'catalog'>,
  endpoint: EndpointRecord,
  input: Pick<NewPrice, 'amount' | 'asset' | 'networks' | 'isFree'>,
  mode: 'test' | 'live',
  nowMs: number,
) {
  const before = currentPrice(endpoint, nowMs) ?? endpoint.prices[0];
  const [first] = before?.amounts ?? [];
  return priceAmounts(deps.catalog, mode, {
    amount: input.amount,
    isFree: input.isFree,
    asset: input.asset ?? (first ? assetOf(deps.catalog, first.assetId).symbol : 'USDC'),
    networks: input.networks ?? before?.amounts.map(({ network }) => network) ?? [],
    parameters: { amount: 'amount', asset: 'asset', free: 'free' },
  });
}

/** The price that offers are made at now; undefined while a first one is only planned. */
export function currentPrice(endpoint: EndpointRecord, nowMs: number): PriceVersionRecord | undefined {
  return endpoint.prices.find((price) => priceState(price, nowMs) === 'current');
}
