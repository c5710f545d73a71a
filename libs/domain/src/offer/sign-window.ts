import type { SettleMode } from './terms-version.js';

/** How long an offer is shown: its `expiresAt`. */
export const offerTtlSecondsDefault = 300;
/** How long a signature lives at least: as long as a person needs to sign. */
const signSecondsMin = 300;
/** What is left to the signer of an authorization that must outlive a slow upstream. */
const signerSeconds = 60;

/** An upstream's time limits. Longer than the longest, an authorization would have to live longer than buyers sign. */
export const upstreamTimeoutMsMin = 100;
export const upstreamTimeoutMsMax = 340_000;

/** Whether an upstream may be given so long. */
export function isTimeoutSellable(timeoutMs: number): boolean {
  return Number.isInteger(timeoutMs) && timeoutMs >= upstreamTimeoutMsMin && timeoutMs <= upstreamTimeoutMsMax;
}

/**
 * `maxTimeoutSeconds` of an endpoint's terms. Where the upstream answers before money moves, the authorization must
 * still live when it is sent, so a slow upstream asks for a longer one. `otherSeconds` is what all other steps take.
 */
export function signSeconds(settleMode: SettleMode, timeoutMs: number, otherSeconds: number): number {
  if (settleMode === 'before') return signSecondsMin;
  return Math.max(signSecondsMin, Math.ceil(timeoutMs / 1000) + otherSeconds + signerSeconds);
}
