import { type CapsChange, changedCaps, encodeId, type SettleMode } from '@tollbook/domain';
import { refuse } from './configuration-refusal.js';
import type { EndpointResult } from './create-endpoint.js';
import type { ConfigurationCaller } from './ports/configuration-store.js';
import { recompileEndpoint } from './recompile-endpoint.js';
import type { SellingDeps } from './selling-deps.js';
import { endpointForAudit } from './tell-configuration.js';
import { vetCaps, vetEndpoint } from './vet-endpoint.js';

export type EndpointWish = {
  readonly endpointId: string;
  readonly upstream?: string | undefined;
  readonly description?: string | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly requiresIdentifier?: boolean | undefined;
  readonly settleMode?: SettleMode | undefined;
  readonly timeoutMs?: number | undefined;
  /** What is named changes; null goes back to the instance's settings. */
  readonly caps?: CapsChange | undefined;
  readonly reason: string;
};

/** Changes what stands around a price. What changes the promise to buyers makes new terms of the same price. */
export async function changeEndpoint(
  deps: SellingDeps,
  caller: ConfigurationCaller,
  wish: EndpointWish,
): Promise<EndpointResult> {
  const { endpointId, upstream, timeoutMs } = wish;
  const refusal = await vetEndpoint(deps, { upstream, timeoutMs });
  if (refusal) return refusal;
  return deps.configuration.change<EndpointResult>(caller, async (tx) => {
    const before = await tx.endpoint(endpointId);
    if (!before) return { result: refuse('not_found', null, 'No endpoint has this id.'), audit: [] };
    if (before.archivedAtMs !== null) {
      return { result: refuse('endpoint_archived', null, 'An archived endpoint is not changed.'), audit: [] };
    }
    const change = {
      upstreamUrl: upstream ?? before.upstreamUrl,
      description: wish.description ?? before.description,
      isEnabled: wish.isEnabled ?? before.isEnabled,
      requiresIdentifier: wish.requiresIdentifier ?? before.requiresIdentifier,
      settleMode: wish.settleMode ?? before.settleMode,
      timeoutMs: timeoutMs ?? before.timeoutMs,
      caps: changedCaps(before.caps, wish.caps ?? {}),
    };
    const after = { ...before, ...change };
    const unkept = vetCaps(after);
    if (unkept) return { result: unkept, audit: [] };
    if (JSON.stringify(endpointForAudit(after)) === JSON.stringify(endpointForAudit(before))) {
      return { result: { kind: 'ok', endpoint: before }, audit: [] };
    }
    const unfit = await recompileEndpoint(deps, tx, after, { isForced: false, before });
    if (unfit) return { result: unfit, audit: [] };
    await tx.updateEndpoint(endpointId, change);
    const endpoint = (await tx.endpoint(endpointId)) ?? after;
    const target = { targetKind: 'endpoint', targetId: encodeId('endpoint', endpointId) };
    const told = { before: endpointForAudit(before), after: endpointForAudit(after), reason: wish.reason };
    return { result: { kind: 'ok', endpoint }, audit: [{ action: 'endpoint.changed', ...target, ...told }] };
  });
}

/** Sells it no more, for good; its payments and prices stay in the books, and its route is free for another. */
export async function archiveEndpoint(
  deps: Pick<SellingDeps, 'configuration'>,
  caller: ConfigurationCaller,
  { endpointId, reason }: Pick<EndpointWish, 'endpointId' | 'reason'>,
): Promise<EndpointResult> {
  return deps.configuration.change<EndpointResult>(caller, async (tx) => {
    const before = await tx.endpoint(endpointId);
    if (!before) return { result: refuse('not_found', null, 'No endpoint has this id.'), audit: [] };
    if (before.archivedAtMs !== null) return { result: { kind: 'ok', endpoint: before }, audit: [] };
    await tx.endTerms(endpointId, tx.nowMs);
    await tx.archiveEndpoint(endpointId);
    const endpoint = (await tx.endpoint(endpointId)) ?? before;
    const target = { targetKind: 'endpoint', targetId: encodeId('endpoint', endpointId) };
    const told = { before: endpointForAudit(before), after: null, reason };
    return { result: { kind: 'ok', endpoint }, audit: [{ action: 'endpoint.archived', ...target, ...told }] };
  });
}
