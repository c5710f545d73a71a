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
