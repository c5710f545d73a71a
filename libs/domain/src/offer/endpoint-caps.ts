import type { SettleMode } from './terms-version.js';

/** What an endpoint allows itself; null is whatever the instance's settings say. */
export type EndpointCaps = {
  /** The largest body of a paid request. */
  readonly requestBytesMax: number | null;
  /** What is held of an answer until its settlement has answered, where the upstream answers first. */
  readonly heldBytesMax: number | null;
  /** What may be sent and not yet confirmed, in whole units of a token. */
  readonly exposureMax: bigint | null;
};

export const noEndpointCaps: EndpointCaps = { requestBytesMax: null, heldBytesMax: null, exposureMax: null };

/** What is named changes; the rest is left as it is. */
export type CapsChange = { readonly [Name in keyof EndpointCaps]?: EndpointCaps[Name] | undefined };

export function changedCaps(before: EndpointCaps, change: CapsChange): EndpointCaps {
  const { requestBytesMax, heldBytesMax, exposureMax } = change;
  return {
    requestBytesMax: requestBytesMax === undefined ? before.requestBytesMax : requestBytesMax,
    heldBytesMax: heldBytesMax === undefined ? before.heldBytesMax : heldBytesMax,
    exposureMax: exposureMax === undefined ? before.exposureMax : exposureMax,
  };
}

const mebibyte = 1024 * 1024;
/** A body that is handed on while it arrives; nothing of it stays in memory. */
export const streamedBytesMax = 1024 * mebibyte;
/** A body, or a part of an answer, that lies in memory until its payment is decided. */
const heldBytesMaxMax = 16 * mebibyte;

/** The first cap that could not be kept, by its name, with what it may be; null where all can. */
export function unkeepableCap(
  { requestBytesMax, heldBytesMax }: EndpointCaps,
  settleMode: SettleMode,
): { readonly cap: 'requestBytesMax' | 'heldBytesMax'; readonly bytesMax: number } | null {
  // Where the upstream runs before money moves, its request is read whole before the claim.
  const requestMax = settleMode === 'after' ? heldBytesMaxMax : streamedBytesMax;
  if (!isBytes(requestBytesMax, requestMax)) return { cap: 'requestBytesMax', bytesMax: requestMax };
  return isBytes(heldBytesMax, heldBytesMaxMax) ? null : { cap: 'heldBytesMax', bytesMax: heldBytesMaxMax };
}

function isBytes(bytes: number | null, max: number): boolean {
  return bytes === null || (Number.isInteger(bytes) && bytes >= 0 && bytes <= max);
}

/**
 * How much of a paid request's body is read before its claim, and how much may come at all. Only what is paid first can
 * be handed on while it arrives.
 */
export function requestBytesOf(
  { requestBytesMax }: EndpointCaps,
  settleMode: SettleMode,
  heldBytesDefault: number,
): { readonly heldMax: number; readonly totalMax: number } {
  if (settleMode === 'after') {
    const heldMax = requestBytesMax ?? heldBytesDefault;
    return { heldMax, totalMax: heldMax };
  }
  const totalMax = requestBytesMax ?? streamedBytesMax;
  return { heldMax: Math.min(heldBytesDefault, totalMax), totalMax };
}
