import type { EndpointCaps } from '@tollbook/domain';

/** The caps of an endpoint as they stand in its row. */
export type EndpointCapsRow = {
  readonly request_bytes_max: number | null;
  readonly held_bytes_max: number | null;
  readonly exposure_max: string | null;
};

export function fromDbEndpointCaps(row: EndpointCapsRow): EndpointCaps {
  return {
    requestBytesMax: row.request_bytes_max,
    heldBytesMax: row.held_bytes_max,
    exposureMax: row.exposure_max === null ? null : BigInt(row.exposure_max),
  };
}

/** Values in the order of the columns `request_bytes_max`, `held_bytes_max`, `exposure_max`. */
export function toDbEndpointCaps(caps: EndpointCaps): [number | null, number | null, string | null] {
  return [caps.requestBytesMax, caps.heldBytesMax, caps.exposureMax?.toString() ?? null];
}
