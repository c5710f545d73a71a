import { type EndpointCaps, encodeId, isSamePattern, type RateLimits, type SettleMode } from '@tollbook/domain';
import { compileTerms, draftTerms } from './compile-terms.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { ConfigurationCaller, ConfigurationTx, EndpointRecord } from './ports/configuration-store.js';
import { priceAmounts, type WrittenPrice } from './price-amounts.js';
import type { SellingDeps } from './selling-deps.js';
import { endpointForAudit, priceForAudit } from './tell-configuration.js';
import { vetCaps, vetEndpoint } from './vet-endpoint.js';
import { vetNetworks } from './vet-networks.js';

export type NewEndpoint = {
  /** Made by the caller; a second run with the same ones returns what the first made. */
  readonly endpointId: string;
  readonly priceVersionId: string;
  readonly method: string;
  readonly path: string;
  readonly upstream: string;
  readonly description: string;
  readonly settleMode: SettleMode;
  readonly timeoutMs: number;
  readonly limits: RateLimits;
  readonly requiresIdentifier: boolean;
  readonly caps: EndpointCaps;
  readonly price: WrittenPrice;
  readonly reason: string;
};

export type EndpointResult = { readonly kind: 'ok'; readonly endpoint: EndpointRecord } | ConfigurationRefusal;

/**
 * Puts a price on a method and path: the endpoint, its first price version and the terms made from it, in one commit.
 * The gate sells it within a second.
 */
export async function createEndpoint(
  deps: SellingDeps,
  caller: ConfigurationCaller & { readonly mode: 'test' | 'live' },
  input: NewEndpoint,
): Promise<EndpointResult> {
  const { method, path, upstream, timeoutMs } = input;
  const refusal = await vetEndpoint(deps, { pattern: { method, path }, timeoutMs, upstream });
  if (refusal) return refusal;
  const unkept = vetCaps(input);
  if (unkept) return unkept;
  const priced = priceAmounts(deps.catalog, caller.mode, input.price);
  if (priced.kind === 'refused') return priced;
  const closed = vetNetworks(deps.standingOf, input.price.networks, (at) => `networks.${at}`);
  if (closed) return closed;
  return deps.configuration.change<EndpointResult>(caller, async (tx) => {
    const made = await tx.endpoint(input.endpointId);
    if (made) return { result: { kind: 'ok', endpoint: made }, audit: [] };
    const rival = (await tx.endpoints()).find((each) => isSamePattern(each, input));
    if (rival) {
      const detail = `${rival.method} ${rival.path} takes the same requests.`;
      return { result: refuse('endpoint_exists', 'path', detail), audit: [] };
    }
    const compiled = compileTerms(deps, input, priced.amounts, await tx.receivers());
    if (compiled.kind === 'refused') return { result: compiled, audit: [] };
    const offer = { terms: draftTerms(tx.book, input, compiled, tx.nowMs), gateSlug: tx.book.gateSlug };
    if (!deps.fitsHeader({ ...offer, path, description: input.description })) {
      const detail = 'The offer is too long for a header: shorten the description or the path, or name fewer networks.';
      return { result: refuse('challenge_too_large', 'description', detail), audit: [] };
    }
    await write(tx, input, caller.actor.name, priced.amounts, compiled.terms);
    const endpoint = await tx.endpoint(input.endpointId);
    if (!endpoint) throw new Error('an endpoint that was written can be read');
    const after = { ...endpointForAudit(endpoint), price: priceForAudit(deps.catalog, priced.amounts) };
    const target = { targetKind: 'endpoint', targetId: encodeId('endpoint', input.endpointId) };
    const audit = { action: 'endpoint.created', ...target, before: null, after, reason: input.reason };
    return { result: { kind: 'ok', endpoint }, audit: [audit] };
  });
}

async function write(
  tx: ConfigurationTx,
  input: NewEndpoint,
  author: string,
  amounts: Parameters<ConfigurationTx['insertPriceVersion']>[0]['amounts'],
  terms: Pick<
    Parameters<ConfigurationTx['insertTerms']>[0],
    'settleMode' | 'offerTtlSeconds' | 'maxTimeoutSeconds' | 'networks'
  >,
): Promise<void> {
  const { endpointId, priceVersionId, reason, upstream: upstreamUrl } = input;
  await tx.insertEndpoint({ ...input, upstreamUrl });
  await tx.insertPriceVersion({ priceVersionId, endpointId, author, reason, effectiveFromMs: tx.nowMs, amounts });
  await tx.insertTerms({ ...terms, endpointId, priceVersionId, inForceFromMs: tx.nowMs, untilMs: null });
}
