import type { SettleMode } from '@tollbook/domain';

/** Seconds that each step may take; leases and the life an authorization must still have are sums of them. */
export const verifySeconds = 5;
const settleSeconds = 30;
/** What an authorization must still live when it is sent: the time to be mined. */
export const sendSeconds = 15;
/** How long an answer that is handed on may take to arrive; a run's lease covers it. */
export const streamSeconds = 300;
/** Added to the steps' own limits, so that an owner who uses all of them still holds its claim. */
const slackSeconds = 5;

/** How long a claim is its owner's, in milliseconds (payment core, lease and fencing): all that it may still do. */
export function claimLeaseMs(upstreamTimeoutMs: number): number {
  return (verifySeconds + settleSeconds + slackSeconds) * 1000 + upstreamTimeoutMs;
}

/** Seconds that an authorization must still live when it arrives: all that happens before its money can move. */
export function lifeSecondsMin(settleMode: SettleMode, upstreamTimeoutMs: number): number {
  const upstreamSeconds = settleMode === 'after' ? Math.ceil(upstreamTimeoutMs / 1000) : 0;
  return verifySeconds + upstreamSeconds + sendSeconds;
}
