import { priceState, signSeconds } from '@tollbook/domain';
import { compileTerms, draftTerms } from './compile-terms.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { ConfigurationTx, EndpointRecord } from './ports/configuration-store.js';
import type { SellingDeps } from './selling-deps.js';
import { sendSeconds, verifySeconds } from './time-limits.js';

/**
 * Makes terms of an endpoint's prices anew, from now on and from when a planned price begins, where something a buyer
 * is promised has changed. Open offers keep the terms they name. Refused where an offer would not fit a header.
 */
export async function recompileEndpoint(
  deps: Pick<SellingDeps, 'catalog' | 'formatAddress' | 'fitsHeader'>,
  tx: ConfigurationTx,
  endpoint: EndpointRecord,
  cause: { readonly isForced: boolean; readonly before: Pick<EndpointRecord, 'settleMode' | 'timeoutMs'> },
): Promise<ConfigurationRefusal | null> {
  const { endpointId, settleMode, path, description } = endpoint;
  const live = endpoint.prices.filter((price) => ['current', 'scheduled'].includes(priceState(price, tx.nowMs)));
  const receivers = await tx.receivers();
  const all = [];
  for (const price of live) {
    const compiled = compileTerms(deps, endpoint, price.amounts, receivers);
    if (compiled.kind === 'refused') return compiled;
    const offer = { terms: draftTerms(tx.book, price, compiled, tx.nowMs), gateSlug: tx.book.gateSlug };
    if (!deps.fitsHeader({ ...offer, path, description })) {
      return refuse(
        'challenge_too_large',
        'description',
        'The offer is too long for a header: shorten the description.',
      );
    }
    all.push({ price, terms: compiled.terms });
  }
  const isSamePromise = settleMode === cause.before.settleMode && windowOf(endpoint) === windowOf(cause.before);
  if (all.length === 0 || (!cause.isForced && isSamePromise)) return null;
  await tx.endTerms(endpointId, tx.nowMs);
  for (const { price, terms } of all) {
    const { priceVersionId, activeFromMs, activeToMs: untilMs } = price;
    const inForceFromMs = Math.max(activeFromMs, tx.nowMs);
    await tx.insertTerms({ ...terms, endpointId, priceVersionId, inForceFromMs, untilMs });
  }
  return null;
}

function windowOf({ settleMode, timeoutMs }: Pick<EndpointRecord, 'settleMode' | 'timeoutMs'>): number {
  return signSeconds(settleMode, timeoutMs, verifySeconds + sendSeconds);
}
