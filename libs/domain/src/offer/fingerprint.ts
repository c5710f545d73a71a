import { type Sha256, utf8Bytes } from '../hash.js';
import { resourceTagBytes } from './invoice-id.js';

/** The parts of a request that its price depends on. `path` is canonical; `bodySha256` only where the body is priced. */
export type PricedRequest = {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
  readonly pricedQuery: readonly (readonly [name: string, value: string])[];
  readonly bodySha256: Uint8Array | null;
};

/** Ten bytes inside the invoice id that bind an offer to the request it was made for, with nothing stored (I22, A02). */
export function resourceTag(request: PricedRequest, sha256: Sha256): Uint8Array {
  return sha256(...pricedParts('tollbook/resource/1', request)).subarray(0, resourceTagBytes);
}

/** What a replay must equal: the priced parts, the whole query, the content type and the body. */
export function requestFingerprint(
  request: PricedRequest,
  rest: { readonly rawQuery: string; readonly contentType: string; readonly bodySha256: Uint8Array },
  sha256: Sha256,
): Uint8Array {
  const parts = pricedParts('tollbook/request/1', request);
  return sha256(
    ...parts,
    ...framed(utf8Bytes(rest.rawQuery)),
    ...framed(utf8Bytes(rest.contentType)),
    ...framed(rest.bodySha256),
  );
}

function pricedParts(label: string, request: PricedRequest): Uint8Array[] {
  const texts = [label, request.endpointId, request.method, request.path, ...request.pricedQuery.flat()];
  const parts = texts.flatMap((text) => framed(utf8Bytes(text)));
  return request.bodySha256 ? [...parts, ...framed(request.bodySha256)] : parts;
}

/** Each part carries its length, so that no two lists of parts hash alike. */
function framed(part: Uint8Array): [Uint8Array, Uint8Array] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  return [length, part];
}
